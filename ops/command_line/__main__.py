"""`python -m command_line`: the same as `cloudtrail-guard`."""

from command_line.app import main

if __name__ == "__main__":
    main()
