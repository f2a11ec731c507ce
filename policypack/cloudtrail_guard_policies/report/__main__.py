"""Run the command line: ``python -m cloudtrail_guard_policies.report``."""

from cloudtrail_guard_policies.report.cli import main

if __name__ == "__main__":
    main()
