"""Edge cases: nought, nothing and contradictions, by every method.

Each row was worked by hand. A figure that is missing, outdated or infinite is never judged; nor is
a target against the agreed direction. PEMANDU compares with the period's plan alone, so it can call
green what has not moved; that is its method, and the reason why two methods stand side by side.
The targets are due five years after the figures.
"""

import numpy as np
import pandas as pd
import pytest

from delivery_analytics.analytics.status import assess_facts
from delivery_analytics.methods import METHODS
from tests.spec.examples import facts_as_drawn
from tests.support.tables import table

# Share of planned change, plan execution, four points, PEMANDU 1 to 3, Open SDG.
METHODS_SHOWN = (
    ("share", "share_of_planned_change"),
    ("plan exec.", "kz_plan_execution"),
    ("four points", "pmdu"),
    ("score 1", "pemandu_1"),
    ("score 2", "pemandu_2"),
    ("score 3", "pemandu_3"),
    ("growth", "open_sdg"),
)


def test_every_method_on_every_edge_case():
    drawn = table("""
        case              | direction | baseline | expected | plan | target | value | share      | plan exec. | four points | score 1    | score 2    | score 3    | growth
        half way from 0   | increase  |        0 |       50 |   50 |    100 |    50 | on_track   | on_track   | on_track    | on_track   | on_track   | on_track   | on_track
        still at 0        | increase  |        0 |       50 |   50 |    100 |     0 | off_track  | off_track  | off_track   | off_track  | off_track  | off_track  | off_track
        half way to 0     | decrease  |       40 |       20 |   20 |      0 |    20 | on_track   | on_track   | on_track    | on_track   | on_track   | on_track   | off_track
        reached 0         | decrease  |       40 |       20 |   20 |      0 |     0 | on_track   | on_track   | achieved    | achieved   | achieved   | achieved   | achieved
        plan of 0         | increase  |        0 |        0 |    0 |    100 |     5 | on_track   | not_judged | on_track    | off_track  | off_track  | off_track  | on_track
        constant          | increase  |      100 |      110 |  110 |    120 |   100 | off_track  | at_risk    | off_track   | on_track   | on_track   | on_track   | off_track
        fell              | increase  |      100 |      110 |  110 |    120 |    90 | off_track  | off_track  | off_track   | at_risk    | at_risk    | at_risk    | off_track
        no change planned | increase  |      100 |      100 |  100 |    100 |    90 | not_judged | at_risk    | off_track   | on_track   | on_track   | on_track   | not_judged
        contradicts       | increase  |      100 |       90 |   90 |     80 |    95 | not_judged | not_judged | not_judged  | not_judged | not_judged | not_judged | not_judged
        to keep, far off  | maintain  |      100 |      100 |  100 |    100 |    90 | off_track  | off_track  | off_track   | off_track  | off_track  | off_track  | off_track
        no figure         | increase  |      100 |      110 |  110 |    120 |       | not_judged | not_judged | not_judged  | not_judged | not_judged | not_judged | not_judged
        infinite          | increase  |      100 |      110 |  110 |    120 |   inf | not_judged | not_judged | not_judged  | not_judged | not_judged | not_judged | not_judged
        no baseline       | increase  |          |          |  110 |    120 |   112 | not_judged | on_track   | not_judged  | on_track   | on_track   | on_track   | not_judged
        no target         | increase  |      100 |          |      |        |   112 | not_judged | not_judged | not_judged  | not_judged | not_judged | not_judged | not_judged
    """)
    facts = facts_as_drawn(drawn).assign(tolerance=2.0)
    assert {name for _, name in METHODS_SHOWN} == set(METHODS)

    for shown, method in METHODS_SHOWN:
        found = assess_facts(facts, method=method)
        said = dict(zip(drawn["case"], drawn[shown], strict=True))
        assert dict(zip(drawn["case"], found["status"], strict=True)) == said, method
        assert not np.isinf(found["score"]).any()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("flag", ["reported", "stale"])
def test_what_was_not_reported_or_is_too_old_is_never_judged(method, flag):
    drawn = table("""
        direction | baseline | expected | plan | target | value
        increase  |        0 |       50 |   50 |    100 |   500
        decrease  |       40 |       20 |   20 |      0 |     0
        maintain  |      100 |      100 |  100 |    100 |   100
    """)
    facts = facts_as_drawn(drawn).assign(**{flag: flag == "stale"})

    assert set(assess_facts(facts, method=method)["status"]) == {"not_judged"}


@pytest.mark.parametrize("method", METHODS)
def test_whatever_the_numbers_are_no_score_is_infinite_and_nothing_fails(method):
    odd = [0.0, -0.0, -5.0, 1e-300, 1e300, np.nan, np.inf, -np.inf, 100.0]
    random = np.random.default_rng(3)
    names = ["baseline", "expected", "plan", "target", "value"]
    drawn = pd.DataFrame({name: random.choice(odd, 600) for name in names})
    drawn = drawn.assign(direction=random.choice(["increase", "decrease", "maintain"], 600))
    found = assess_facts(facts_as_drawn(drawn), method=method)

    assert not np.isinf(found["score"]).any()
    bare = ~np.isfinite(drawn["value"])
    assert set(found.loc[bare, "status"]) == {"not_judged"}
