"""`python -m demo`: the same as `cloudtrail-guard demo`."""

from demo.command import app

if __name__ == "__main__":
    app(prog_name="demo")
