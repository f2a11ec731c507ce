"""Policy documents that others wrote, in every form that IAM's grammar allows."""

import pytest
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.policies.document import NO_SID, parse_document, sids_of, statements_of

ALLOW = '{"Sid": "A", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}'
DENY = '{"Effect": "Deny", "NotAction": ["s3:Get*"], "NotResource": ["*"]}'


@pytest.mark.parametrize(
    ("text", "sids"),
    [
        (f'{{"Version": "2012-10-17", "Statement": [{ALLOW}, {DENY}]}}', ["A", NO_SID]),
        (f'{{"Version": "2012-10-17", "Statement": {ALLOW}}}', ["A"]),
        (f'{{"Statement": {DENY}}}', [NO_SID]),
        (f'{{"Statement": [{ALLOW}], "Version": "2008-10-17", "Id": "x"}}', ["A"]),
        (f'\n\t {{ "Statement" :[ {ALLOW} ] }} \r\n', ["A"]),
        ('{"Statement": []}', []),
    ],
    ids=["a list", "one object", "no Version", "another order", "white space", "none"],
)
def test_a_document_is_read_in_every_form_that_the_grammar_allows(
    text: str, sids: list[str]
) -> None:
    policy = parse_document(text)

    assert sids_of(policy) == sids
    assert len(statements_of(policy)) == len(sids)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the key policy is not JSON"),
        ("{", "the key policy is not JSON"),
        ("[]", "the key policy is no JSON object"),
        ("null", "the key policy is no JSON object"),
        ("{}", "a Statement that is not an object: None"),
        ('{"Statement": "Deny"}', "a Statement that is not an object: 'Deny'"),
        ('{"Statement": [[]]}', "a Statement that is not an object: \\[\\]"),
    ],
)
def test_what_is_no_policy_document_is_one_clear_error(text: str, message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        parse_document(text, "the key policy")
