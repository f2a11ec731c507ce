"""What the guardrails protect and whom they exempt, as `Guardrails` and `IamProtection` take it."""

from collections.abc import Mapping

_LONGEST_ARN = "arn:aws-us-gov:iam::111122223333:role/" + "r" * 64
_LONGEST_TRAIL = "arn:aws-us-gov:cloudtrail:us-gov-west-1:111122223333:trail/" + "t" * 128

LONGEST: Mapping[str, object] = {
    "bucket": "b" * 63,
    "key_arn": _LONGEST_ARN,
    "further_buckets": ("b" * 63,),
    "further_keys": (_LONGEST_ARN,),
    "other_keys": (_LONGEST_ARN,) * 3,
    "own_roles": (_LONGEST_ARN,) * 3,
    "backup_roles": (_LONGEST_ARN,),
    "trails": (_LONGEST_TRAIL,),
    "break_glass": (_LONGEST_ARN,),
    "deployers": (_LONGEST_ARN,),
    "monitoring": (_LONGEST_ARN,),
    "stack_sets": True,
    "control_tower": True,
    "security_services": True,
    "organization": "o-" + "0" * 32,
    "require_mfa": True,
}
"""Stands for what is not known yet when statements are packed."""


def protected_logs(args: Mapping[str, object]) -> dict[str, object]:
    """Bucket and keys and who is exempt, under the names that `ProtectedResources` has."""
    return {
        "bucket": args["log_bucket_name"],
        "key_arn": args.get("log_key_arn"),
        "further_buckets": args.get("further_bucket_names", ()),
        "further_keys": args.get("further_key_arns", ()),
        "other_keys": args.get("other_key_arns", ()),
        "backup_roles": args.get("backup_role_arns", ()),
        "break_glass": args["break_glass_role_arns"],
        "deployers": args.get("deployer_role_arns", ()),
    }


def protected_resources(args: Mapping[str, object]) -> dict[str, object]:
    """The same, with trails, monitoring and the roles that are made beside the logs."""
    return {
        **protected_logs(args),
        "trails": args.get("trail_arns", ("*",)),
        "monitoring": args.get("monitoring_arns", ()),
        "own_roles": args.get("own_role_arns", ()),
    }
