"""Questions about tampering: with the trail, the watch over it, the bucket, the key, the exempt."""

from cloudtrail_guard.detection.event_patterns import RULES_BUS
from cloudtrail_guard.detection.queries.question import (
    Question,
    all_of,
    any_of,
    any_resource,
    events_on,
    holds_one_of,
    is_in,
    is_like,
    message_names,
    parameter,
    quoted,
)
from cloudtrail_guard.detection.queries.table import LogTable
from cloudtrail_guard.operations import Target

_DEPARTURE = all_of(
    "eventsource = 'organizations.amazonaws.com'", "eventname = 'AccountDepartedOrganization'"
)
"""The event in the management account, whichever way an account left the organization."""

_RESTORING = ("CancelKeyDeletion", "EnableKey")
_POLICIES = (Target.IAM_POLICY, Target.IAM_ATTACHMENT)


def _watch(table: LogTable) -> str:
    watch = events_on(Target.MONITORING)
    # Subscriptions, mute rules and log policies may name nothing of ours.
    others = events_on(Target.ACCOUNT_MONITORING, Target.SECURITY_SERVICES)
    if not table.watch_names:
        return any_of(watch, others)
    ours = holds_one_of("coalesce(requestparameters, errormessage)", table.watch_names)
    bus = all_of(
        "eventsource = 'events.amazonaws.com'",
        "eventname = 'UpdateEventBus'",
        any_of(
            f"{parameter('name')} = {quoted(RULES_BUS)}",
            holds_one_of("errormessage || ' '", [f":event-bus/{RULES_BUS} "]),
        ),
    )
    return any_of(all_of(watch, ours), others, bus)


def _bucket_or_key(table: LogTable) -> str:
    objects = (Target.OBJECTS, Target.LOG_PREFIX, Target.REPLICATION)
    bucket = all_of(
        any_of(
            events_on(Target.BUCKET),
            all_of(
                events_on(*objects, data_events=True),
                # It writes the logs.
                "coalesce(useridentity.invokedby, '') <> 'cloudtrail.amazonaws.com'",
            ),
        ),
        any_of(
            f"{parameter('bucketName')} = {quoted(table.bucket)}",
            any_resource(_is_bucket(table)),
            # Tags are set by ARN alone.
            f"{parameter('resourceArn')} LIKE {quoted('arn:%:s3:::' + table.bucket)}",
        ),
    )
    if table.key_arn is None:
        return bucket
    # With what restores it: who disables a key and enables it again was there as well.
    restored = all_of("eventsource = 'kms.amazonaws.com'", is_in("eventname", _RESTORING))
    changed = any_of(events_on(Target.KEY), restored)
    return any_of(bucket, all_of(changed, _is_key(table.key_arn)))


def _is_bucket(table: LogTable) -> str:
    return f"resource.arn LIKE {quoted('arn:%:s3:::' + table.bucket)}"


def _is_key(arn: str) -> str:
    """The condition that an event is about a key."""
    names = (arn, arn.rpartition("/")[2])
    return any_of(
        any_resource(f"resource.arn = {quoted(arn)}"),
        is_in(parameter("keyId"), names),
        is_in(parameter("targetKeyId"), names),
        message_names(arn),
    )


def _is_role(arn: str) -> str:
    """The condition that an event of IAM is about a role; IAM's messages have either form."""
    account, name = arn.split(":")[4], arn.rpartition("/")[2]
    if "*" in name:
        refused = is_like("errormessage", f"*resource: *{name}")
        named = any_of(is_like(parameter("roleName"), name), refused)
    else:
        named = any_of(
            f"{parameter('roleName')} = {quoted(name)}", message_names(arn, f"role {name}")
        )
    return all_of(f"recipientaccountid = {quoted(account)}", named)


def _is_user(arn: str) -> str:
    """The condition that an event of IAM is about a user; IAM's messages have either form."""
    account, name = arn.split(":")[4], arn.rpartition("/")[2]
    named = any_of(f"{parameter('userName')} = {quoted(name)}", message_names(arn, f"user {name}"))
    return all_of(f"recipientaccountid = {quoted(account)}", named)


def _exempt(table: LogTable) -> str:
    roles = events_on(Target.EXEMPT_ROLE, Target.OWN_ROLE)
    known = (*table.break_glass, *table.deployers)
    exempt = [_is_role(arn) for arn in known if ":role/" in arn]
    if exempt and table.watch_names:
        # The stacks' own roles have names that begin alike.
        own = f"coalesce({parameter('roleName')}, errormessage)"
        exempt.append(holds_one_of(own, table.watch_names))
    users = events_on(Target.EXEMPT_USER)
    user = [_is_user(arn) for arn in known if ":user/" in arn]
    policies = events_on(*_POLICIES)
    policy = f"coalesce({parameter('policyArn')}, errormessage)"
    guardrails = holds_one_of(policy, table.guardrail_names)
    return any_of(
        all_of(roles, any_of(*exempt)) if exempt else roles,
        *([all_of(users, any_of(*user))] if user else [] if known else [users]),
        events_on(Target.IDENTITY_PROVIDER, Target.GUARDED_GROUP),
        all_of(policies, guardrails) if table.guardrail_names else policies,
        # A boundary is removed from a principal: the call does not name the boundary.
        events_on(Target.BOUNDARY),
    )


TAMPERING = (
    Question(
        name="who-stopped-logging",
        description=(
            "Who stopped, deleted or narrowed a trail, took a guardrail away, or left the "
            "organization; attempts too."
        ),
        conditions=(
            any_of(
                events_on(
                    Target.TRAIL,
                    Target.CLOUDTRAIL,
                    Target.ORGANIZATION,
                    Target.GUARDRAIL_POLICY,
                    Target.MEMBERSHIP,
                ),
                _DEPARTURE,
            ),
        ),
    ),
    Question(
        name="who-silenced-the-watch",
        description=(
            "Who deleted, disabled, redirected or changed log groups, alarms, event rules, topics, "
            "queues, the response function, or AWS's security services; attempts too."
        ),
        conditions=(_watch,),
    ),
    Question(
        name="changes-of-bucket-or-key",
        description=(
            "Who changed the log bucket, its policy, or the key of the logs; and who deleted, "
            "planted or changed logs, if the trail records data events of the bucket."
        ),
        conditions=(_bucket_or_key,),
    ),
    Question(
        name="changes-of-who-is-exempt",
        description=(
            "Who changed an exempt role or user, a role of the stacks, an identity provider, or "
            "the guardrails' IAM policies, where they are attached and who is in their groups. For "
            "the organization's policies see who-stopped-logging."
        ),
        conditions=(_exempt,),
    ),
)
