"""`python -m posture`: the same as `cloudtrail-guard posture`."""

from posture.command import app

if __name__ == "__main__":
    app(prog_name="posture")
