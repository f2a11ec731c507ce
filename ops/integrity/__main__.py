"""`python -m integrity`: the same as `cloudtrail-guard integrity`."""

from integrity.command import app

if __name__ == "__main__":
    app(prog_name="integrity")
