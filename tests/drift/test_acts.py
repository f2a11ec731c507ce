"""Each act of tampering: whether a preview shows it, and whether an `up` undoes it.

What is claimed here is what `docs/drift.md` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.drift.acts import ACTS
from tests.drift.waves import tamper, waves

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.drift.act import Act
    from tests.drift.waves import Outcome, Site

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def outcomes(site: Site) -> Mapping[str, Outcome]:
    return {name: outcome for wave in waves(ACTS) for name, outcome in tamper(site, wave)}


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_an_act_is_seen_and_undone_as_the_table_says(
    outcomes: Mapping[str, Outcome], site: Site, act: Act
) -> None:
    outcome = outcomes[act.name]
    shows = act.shows.format(root=site.stage.root)

    assert outcome.done != outcome.before, "nothing was done"
    if shows:
        assert any(title.startswith(shows) for title in outcome.plan.titles)
        assert outcome.again == outcome.before
    else:
        # No other act of the wave is on the same thing: it shows nowhere.
        assert outcome.again == outcome.done
        assert outcome.at_last == outcome.before
    for check in act.posture.split():
        # A check of one of several is named after it: a rule after its account.
        assert any(f"{each}.".startswith(f"{check}.") for each in outcome.reported), check


def test_what_was_undone_leaves_no_trace(outcomes: Mapping[str, Outcome], site: Site) -> None:
    assert outcomes.keys() == {act.name for act in ACTS}
    for stack in site.stacks.values():
        assert stack.up(refresh=True).titles == set()
