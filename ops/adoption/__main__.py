"""`python -m adoption`: the same as `cloudtrail-guard adopt`."""

from adoption.command import app

if __name__ == "__main__":
    app(prog_name="adoption")
