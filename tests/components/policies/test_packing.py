import pytest
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.policies.document import Statement, document, to_json
from cloudtrail_guard.policies.guardrails import ProtectedResources, scp_statements
from cloudtrail_guard.policies.packing import pack_statements, select_statements
from hypothesis import given
from hypothesis import strategies as st


def make(sid: str, length: int) -> Statement:
    """A statement that makes a policy of so many characters on its own."""
    bare = {"Sid": sid, "Effect": "Deny", "Action": "", "Resource": "*"}
    padding = length - len(to_json(document([bare])))
    return {**bare, "Action": "a" * padding}


def test_what_fits_goes_into_one_policy_in_its_own_order() -> None:
    statements = [make("Small", 200), make("Large", 900), make("Middle", 500)]

    assert pack_statements(statements, size=5_120, most=4) == [("Small", "Large", "Middle")]


def test_what_does_not_fit_goes_into_as_few_policies_as_possible() -> None:
    statements = [make("A", 600), make("B", 500), make("C", 480), make("D", 400)]

    assert pack_statements(statements, size=1_000, most=4) == [("A", "D"), ("B", "C")]


def test_a_statement_that_is_too_long_is_refused_with_the_excess() -> None:
    with pytest.raises(InvalidValueError, match=r"statement Huge alone .* 5,200 .* 80 more"):
        pack_statements([make("Huge", 5_200)], size=5_120, most=4)


def test_too_many_policies_are_refused_with_the_excess() -> None:
    statements = [make(sid, 900) for sid in ("A", "B", "C")]

    with pytest.raises(
        InvalidValueError, match=r"3 policies of 1,000 characters are needed .* 2 more than the 1"
    ):
        pack_statements(statements, size=1_000, most=1)


def test_what_does_not_fit_names_the_optional_parts_to_leave_out() -> None:
    statements = [make(sid, 900) for sid in ("A", "B", "C")]
    optional = {"B": "require_mfa", "C": "security_services"}

    with pytest.raises(InvalidValueError) as refused:
        pack_statements(statements, size=1_000, most=1, optional=optional)

    assert "or leave out an optional part: security_services (" in str(refused.value)
    assert "require_mfa (" in str(refused.value)


@given(st.lists(st.integers(100, 1_000), min_size=1, max_size=20))
def test_every_statement_lands_in_exactly_one_policy_and_every_policy_fits(
    lengths: list[int],
) -> None:
    statements = [make(f"S{i}", length) for i, length in enumerate(lengths)]

    packing = pack_statements(statements, size=1_000, most=20)

    assert sorted(sid for sids in packing for sid in sids) == sorted(
        str(s["Sid"]) for s in statements
    )
    for sids in packing:
        assert len(to_json(select_statements(statements, sids))) <= 1_000
    assert len(packing) <= 2 * max(1, sum(lengths) // 1_000 + 1)


def test_the_guardrails_fit_two_policies_of_the_smaller_quota(
    protected: ProtectedResources,
) -> None:
    assert len(pack_statements(scp_statements(protected), size=5_120, most=2)) == 2
