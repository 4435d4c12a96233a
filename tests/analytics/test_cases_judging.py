"""The cases of ``../shared/cases`` under Judging, and one more of each kind."""

import datetime

from delivery_analytics.analytics.status import assess
from delivery_analytics.publishing.alerts import new_alerts
from tests.support.cases import read as case
from tests.support.shared import needs_shared
from tests.support.tables import dataset, registry, same

SINCE = datetime.date(2024, 12, 31)


def judged(name):
    found = assess(case(name).data.known_on("2025-01-31"))
    return found[found["region_id"] == "FD"]


@needs_shared
def test_a_target_that_is_due_and_met_on_paper_is_achieved():
    same(
        judged("target-met"),
        """
        indicator_id | status   | reason
        water.pipes  | achieved | target_reached
        water.share  | achieved | target_reached
        """,
    )


@needs_shared
def test_a_promise_that_is_due_and_missed_is_off_track_and_reaches_the_alerts():
    data = case("promise-missed").data.learned_by("2025-01-31")

    same(
        judged("promise-missed"),
        """
        indicator_id | value | target_value | status    | reason
        water.cover  |    90 |          100 | off_track | target_missed
        water.deaths |     3 |            0 | off_track | plan_missed
        """,
    )
    assert {(one.kind, one.subject_id) for one in new_alerts(data, since=SINCE)} >= {
        ("target_missed", "water.cover"),
        ("target_missed", "water.deaths"),
    }


def test_a_promise_missed_by_little_reaches_the_alerts_too():
    data = dataset(
        registry=registry("indicator_id | direction\n health.life | increase"),
        observations="""
            indicator_id | region_id | period | value | reported_on
            health.life  | KZ        | 2023   |    80 | 2024-01-20
            health.life  | KZ        | 2024   |    99 | 2025-01-20
        """,
        targets="""
            indicator_id | region_id | due_on     | kind     | value
            health.life  | KZ        | 2022-12-31 | baseline |    60
            health.life  | KZ        | 2024-12-31 | final    |   100
        """,
    ).learned_by("2025-01-31")

    [alert] = [one for one in new_alerts(data, since=SINCE) if one.kind != "return_late"]

    assert (alert.kind, alert.subject_id) == ("target_missed", "health.life")
    assert alert.text["en"].startswith("health.life")
    assert "the target is due and missed. 99" in alert.text["en"].replace("\u00a0", " ")
