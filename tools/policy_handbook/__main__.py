"""Write what is generated from the rules: ``python -m policy_handbook``.

That is ``docs/policies.md``, and the profiles in the pack's own directory.
"""

from cloudtrail_guard_policies.engine.profiles import write_profiles
from cloudtrail_guard_policies.rules import RULES

from policy_handbook.page import CHECKOUT, PAGE, policies_page

if __name__ == "__main__":
    PAGE.write_text(policies_page(RULES), encoding="utf-8")
    write_profiles(RULES, CHECKOUT / "policypack/cloudtrail_guard_policies/profiles")
