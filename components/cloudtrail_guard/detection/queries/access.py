"""Questions about who used what: root, sign-ins, roles, keys, and the logs themselves."""

from cloudtrail_guard.detection.queries.question import (
    EVENT,
    FROM_WHERE,
    OUTCOME,
    PRINCIPAL,
    ROLE,
    WHO,
    Question,
    all_of,
    any_of,
    any_resource,
    is_in,
    is_principal,
    message_names,
    parameter,
    quoted,
    texts_of,
)
from cloudtrail_guard.detection.queries.table import LogTable

_MADE = parameter("credentials.accessKeyId", "responseelements")
"""The access key of the session that a call of STS made."""

_BREAK_GLASS = "<break-glass role ARN>"
"""What stands for the roles where none is named."""


def _break_glass(table: LogTable) -> str:
    roles = table.break_glass or (_BREAK_GLASS,)
    return any_of(
        is_principal("useridentity.sessioncontext.sessionissuer.arn", roles),
        is_principal("useridentity.arn", roles),
        all_of("eventsource = 'sts.amazonaws.com'", is_principal(ROLE, roles)),
    )


def _reads(table: LogTable) -> str:
    bucket = any_of(
        f"{parameter('bucketName')} = {quoted(table.bucket)}",
        # A copy names the bucket that it writes to; its resources name both.
        any_resource(f"resource.arn LIKE {quoted('arn:%:s3:::' + table.bucket + '/%')}"),
    )
    reading = any_of("readonly = 'true'", is_in("eventname", ("CopyObject", "UploadPartCopy")))
    objects = all_of("eventsource = 's3.amazonaws.com'", reading, bucket)
    if table.key_arn is None:
        return objects
    decryption = all_of(
        "eventsource = 'kms.amazonaws.com'",
        "eventname = 'Decrypt'",
        any_of(
            any_resource(f"resource.arn = {quoted(table.key_arn)}"), message_names(table.key_arn)
        ),
    )
    return any_of(objects, decryption)


ACCESS = (
    Question(
        name="root-use",
        description="What was done as the root user of an account, or in a root session.",
        conditions=(
            any_of(
                all_of(
                    "useridentity.type = 'Root'",
                    # The console signed in root by itself in older logs.
                    "coalesce(useridentity.invokedby, 'signin.amazonaws.com') "
                    "= 'signin.amazonaws.com'",
                    "eventtype <> 'AwsServiceEvent'",
                ),
                all_of("eventsource = 'sts.amazonaws.com'", "eventname = 'AssumeRoot'"),
            ),
        ),
    ),
    Question(
        name="console-logins-without-mfa",
        description=(
            "Who signed in to the console as an IAM user or as root, without MFA or without a "
            "word on it."
        ),
        conditions=(
            "eventname = 'ConsoleLogin'",
            "useridentity.type IN ('IAMUser', 'Root')",
            f"{parameter('ConsoleLogin', 'responseelements')} = 'Success'",
            # AWS writes Yes and YES.
            f"lower(coalesce({parameter('MFAUsed', 'additionaleventdata')}, 'no')) <> 'yes'",
        ),
    ),
    Question(
        name="last-day-of-a-principal",
        description=(
            "All that one principal did in a day. Put the ARN of a role or user in place of "
            "<principal>: a role's sessions are found by the role's ARN."
        ),
        conditions=(
            any_of(
                "useridentity.arn = '<principal>'",
                "useridentity.sessioncontext.sessionissuer.arn = '<principal>'",
            ),
        ),
        days=1,
    ),
    Question(
        name="use-of-an-access-key",
        description=(
            "What an access key did, who created, changed or deleted it, and which call issued it. "
            "Put its id in place of <access key id>. `issued` is the key of a session that it "
            "took: ask again with that."
        ),
        columns=(*EVENT, f"{_MADE} AS issued"),
        conditions=(
            any_of(
                "useridentity.accesskeyid = '<access key id>'",
                f"{_MADE} = '<access key id>'",
                f"{parameter('accessKey.accessKeyId', 'responseelements')} = '<access key id>'",
                f"{parameter('accessKeyId')} = '<access key id>'",
            ),
        ),
    ),
    Question(
        name="use-of-break-glass",
        description=(
            "Who took a break-glass role, or tried to, and what was done with it. Rows of one "
            "session have one `session_key`."
        ),
        columns=(*EVENT, f"coalesce({_MADE}, useridentity.accesskeyid) AS session_key"),
        conditions=(_break_glass,),
    ),
    Question(
        name="reads-of-the-logs",
        description=(
            "What was read from the log bucket: by S3's data events, if the trail records them, "
            "and by decryptions with the logs' key, whose encryption context names the file."
        ),
        conditions=(_reads,),
        days=7,
    ),
    Question(
        name="roles-used-across-accounts",
        description=(
            "Which principal took which role of another account, or tried to, and how often; also "
            "where the role or the principal is not of the organization."
        ),
        # A call is recorded in both accounts, with one shared id. The copy of the role's owner has
        # no ARN of the caller. Roles and callers of strangers leave one copy alone.
        columns=(
            "coalesce(sharedeventid, eventid) AS event",
            "max(eventtime) AS time",
            f"coalesce(max(useridentity.arn), max({WHO})) AS who",
            f"max({ROLE}) AS what",
            f"max({FROM_WHERE}) AS from_where",
            f"max({OUTCOME}) AS outcome",
            "max(useridentity.accountid) AS from_account",
            f"max(split_part({ROLE}, ':', 5)) AS to_account",
        ),
        conditions=(
            "eventsource = 'sts.amazonaws.com'",
            "eventname = 'AssumeRole'",
            "useridentity.type <> 'AWSService'",
            f"{ROLE} LIKE 'arn:%:iam::____________:role/%'",
            f"useridentity.accountid <> split_part({ROLE}, ':', 5)",
        ),
        days=7,
        over=(
            "SELECT\n  max(time) AS time,\n  who,\n  what,\n"
            f"  {texts_of('from_where')} AS from_where,\n  outcome,\n"
            "  from_account,\n  to_account,\n  count(*) AS times\n"
            "FROM (\n{events}\nGROUP BY coalesce(sharedeventid, eventid)\n)\n"
            "GROUP BY who, what, outcome, from_account, to_account"
        ),
        ending="ORDER BY times DESC, time DESC",
    ),
    Question(
        name="bursts-of-denials",
        description=(
            "Which principal was denied access 20 times or more within an hour, all sessions of a "
            "role together. `time` is when it was reached first, `denials` the most in an hour."
        ),
        columns=(
            "eventtime AS time",
            f"{PRINCIPAL} AS who",
            "eventname AS what",
            f"{FROM_WHERE} AS from_where",
            "errorcode AS outcome",
            (
                f"count(*) OVER (PARTITION BY {PRINCIPAL} "
                "ORDER BY from_iso8601_timestamp(eventtime) "
                "RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW) AS denials"
            ),
        ),
        # AccessDenied, AccessDeniedException, VpceAccessDenied, Client.UnauthorizedOperation, ...
        conditions=("regexp_like(errorcode, 'AccessDenied|Unauthorized|AuthorizationError')",),
        days=7,
        over=(
            "SELECT\n  min(CASE WHEN denials >= 20 THEN time END) AS time,\n  who,\n"
            f"  {texts_of('what')} AS what,\n  {texts_of('from_where')} AS from_where,\n"
            f"  {texts_of('outcome')} AS outcome,\n  max(denials) AS denials\n"
            "FROM (\n{events}\n)\nGROUP BY who\nHAVING max(denials) >= 20"
        ),
        ending="ORDER BY denials DESC, time DESC",
    ),
)

_FIRST = (
    "SELECT\n  min(time) AS time,\n  {keys},\n{values}  count(*) AS events\n"
    "FROM (\n{events}\n)\nGROUP BY {keys}\n"
    "HAVING min(time) >= date_format(current_date - interval '7' day, '%Y-%m-%d')"
)


def _first(keys: str, *values: str) -> str:
    """Groups whose first event is of the last seven days, with values of that event."""
    first = "".join(f"  min_by({value}, time) AS {value},\n" for value in values)
    return _FIRST.replace("{keys}", keys).replace("{values}", first)


_SEEN = (
    "eventtime AS time",
    f"coalesce({PRINCIPAL}, 'unknown') AS who",
    "eventname AS what",
    f"coalesce({FROM_WHERE}, 'unknown') AS from_where",
    f"{OUTCOME} AS outcome",
    "recipientaccountid AS in_account",
    "awsregion AS in_region",
)

FIRST_SEEN = (
    Question(
        name="first-seen-principals",
        description=(
            "Which principals were seen in the last 7 days for the first time in 97, and their "
            "first call."
        ),
        columns=_SEEN,
        days=97,
        over=_first("who", "what", "from_where", "outcome", "in_account", "in_region"),
        ending="ORDER BY time DESC, who",
    ),
    Question(
        name="first-seen-regions",
        description=(
            "In which regions an account was used in the last 7 days for the first time in 97, and "
            "the first call there."
        ),
        columns=_SEEN,
        days=97,
        over=_first("in_account, in_region", "who", "what", "from_where", "outcome"),
        ending="ORDER BY time DESC, in_account, in_region",
    ),
)
