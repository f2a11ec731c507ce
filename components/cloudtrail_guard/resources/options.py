"""The options of a component's children, in one place."""

import pulumi


def child_options(
    component: pulumi.Resource,
    *,
    protect: bool | None = None,
    retain: bool = False,
    depends_on: list[pulumi.Resource] | None = None,
) -> pulumi.ResourceOptions:
    """A child's options: only `parent`, and what differs from what it inherits through it.

    Args:
        component: the parent.
        protect: whether Pulumi refuses to delete the child; None inherits.
        retain: whether AWS keeps the child when it leaves the stack.
        depends_on: what must be there first although no value flows from it.
    """
    return pulumi.ResourceOptions(
        parent=component, protect=protect, retain_on_delete=retain, depends_on=depends_on
    )


def keep_generated_name(
    options: pulumi.ResourceOptions, name: str = "name"
) -> pulumi.ResourceOptions:
    """The same options for a child whose name Pulumi generates, or once did.

    An imported resource has the name that it has in AWS, which the program does not state: the
    provider would generate another one, and replace the resource.

    Args:
        options: the options.
        name: the input that has the name.
    """
    return pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(ignore_changes=[name]))


RULE_STATE = "ENABLED"
"""The state of every event rule: one that a program leaves out is compared with nothing, so that a
rule that was disabled would show in no preview and stay disabled
(https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/events/rule.go)."""
