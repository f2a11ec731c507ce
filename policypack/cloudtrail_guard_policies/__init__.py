"""The policy pack of cloudtrail-guard: CloudTrail rules that evaluate any Pulumi program.

`rules` are the rules, by subject; `subjects` is what they are about, and `iam` reads policy
documents. `engine` runs rules and speaks the engine's protocol, `report` writes what was found in
the formats of CI services, and `profiles` holds ready configurations.
"""
