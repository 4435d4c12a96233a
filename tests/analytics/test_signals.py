"""Which control charts give a verdict, and what is said of the target, worked by hand."""

import numpy as np
import pandas as pd
import pytest

from delivery_analytics import assess, blocks
from delivery_analytics.analytics import signals
from delivery_analytics.errors import DefinitionError
from delivery_analytics.wording.wording import open_wording
from tests.support.tables import dataset, registry

KNOWN = registry("""
    indicator_id | direction | frequency
    health.life  | increase  | annual
    health.poor  | decrease  | annual
    health.ph    | maintain  | annual
""")
STABLE = [10, 12, 13, 10, 12, 11, 13, 11, 10, 13, 12, 11]  # ranges of 1 to 3 about 11.5


def yearly(values, *, name="health.life", first=2010):
    return "\n".join(f"{name} | KZ | {first + n} | {v}" for n, v in enumerate(values))


def said(values, *, target=None, name="health.life"):
    drawn = "indicator_id | region_id | period | value\n" + yearly(values, name=name)
    targets = "indicator_id | region_id | due_on | kind | value\n"
    if target is not None:
        targets += f"{name} | KZ | 2030-12-31 | final | {target}"
    data = dataset("2025-01-31", registry=KNOWN, observations=drawn, targets=targets)
    return signals.signalled(data).set_index("indicator_id").loc[name], data


def monthly(values):
    days = pd.date_range("2022-01-31", periods=len(values), freq="ME")
    return pd.DataFrame(
        {
            "indicator_id": "a", "region_id": "KZ", "period": days.strftime("%Y-%m"),
            "period_end": days, "value": np.asarray(values, dtype=float), "direction": "increase",
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("target", "assurance"),
    [
        (30, "consistent_fail"),
        (5, "consistent_pass"),
        (12, "inconsistent"),
        (None, "no_target"),
    ],
)
def test_of_a_stable_process_it_is_said_whether_it_reaches_the_target(target, assurance):
    row, _ = said(STABLE, target=target)

    assert (row["variation"], row["signal"], row["assurance"]) == (
        "common_cause", False, assurance,
    )  # fmt: skip


def test_a_target_that_is_its_limit_on_paper_is_neither_beyond_it_nor_within():
    upper = said(STABLE, target=12)[0]["upper"]

    for dust in (-1e-14, 0, 1e-14):
        assert (
            said(STABLE, target=repr(float(upper) * (1 + dust)))[0]["assurance"]
            == "inconsistent"
        )
    assert said(STABLE, target=upper * 1.001)[0]["assurance"] == "consistent_fail"


def test_nothing_is_said_of_the_target_while_the_last_figure_is_a_signal():
    row, _ = said([*STABLE, 30], target=40)

    assert (row["variation"], row["assurance"]) == ("improvement_high", "not_stable")


def test_an_indicator_that_rises_year_by_year_to_its_target_is_not_told_that_it_will_not():
    # On its way and on track: the old rule said "no, not as things are".
    row, data = said([60, 61, 63, 64, 66, 67, 69, 70, 72, 73, 75, 76], target=80)

    assert (row["variation"], row["assurance"]) == ("moving", "unjudged")
    assert pd.isna(row["upper"])
    shown = blocks.signals(data, open_wording("en")).frame.iloc[0]
    assert (shown["said"], shown["assured"], shown["trial"]) == (
        "not judged: the figures follow a trend", "not judged: no limits", "",
    )  # fmt: skip


def test_a_fall_that_turned_is_no_improvement():
    # As the people in unsafe houses: far below their mean, and rising for two years.
    fall = [98, 95, 93, 90, 66, 60, 50, 45, 34, 30, 25, 26, 29, 44]
    row, _ = said(fall, name="health.poor")

    assert (row["variation"], row["signal"]) == ("moving", False)


def test_better_than_usual_after_a_change_for_the_worse_says_both():
    row, data = said([*STABLE, 11, 40, 36])

    assert row["variation"] == "improvement_turned"
    text = blocks.signals(data, open_wording("en")).frame["said"].iloc[0]
    assert text == "better than usual, but the last change was for the worse"


@pytest.mark.parametrize(("years", "judged"), [(11, False), (12, True)])
def test_a_yearly_series_needs_twelve_figures(years, judged):
    row, _ = said(STABLE[:years], target=30)

    assert (row["assurance"] == "consistent_fail") == judged


def test_months_need_no_twelve_figures_and_a_trend_takes_only_the_assurance():
    few = signals.charted(monthly(STABLE[:8]))
    rising = signals.charted(monthly([1, 4, 2, 4, 5, 4, 6, 7, 9, 8]))

    assert few["upper"].notna().all()
    assert rising["upper"].notna().all()
    assert (few["moving"].any(), rising["moving"].all()) == (False, True)


def test_limits_are_set_anew_after_eight_figures_on_one_side():
    low, high = [10, 12, 11, 10, 13, 11, 12, 10], [20, 22, 21, 20, 23, 21, 22, 20]
    found = signals.charted(monthly(low + high))

    assert found["rebase"].tolist() == [0] * 8 + [1] * 8
    assert found["mean"].tolist() == [np.mean(low)] * 8 + [np.mean(high)] * 8
    assert set(found["variation"]) == {"common_cause"}
    # Seven are no shift.
    assert signals.charted(monthly(low + high[:7]))["rebase"].tolist() == [0] * 15


def test_a_level_to_be_kept_is_not_told_that_it_has_no_target():
    row, _ = said(STABLE, target=11, name="health.ph")

    assert (row["variation"], row["assurance"]) == ("common_cause", "to_keep")


def test_without_figures_there_is_no_row_and_the_table_says_so():
    data = dataset("2025-01-31", registry=KNOWN)

    assert signals.signalled(data).empty
    assert blocks.signals(data, open_wording("ru")).frame.empty


def test_nothing_that_is_on_track_in_the_example_is_told_that_it_will_not_arrive(example_data):
    data = example_data.known_on("2025-01-31")
    national = assess(data).query("region_id == 'KZ'").set_index("indicator_id")["status"]
    found = signals.signalled(data).set_index("indicator_id")

    told = found.index[found["assurance"] == "consistent_fail"]
    assert set(national[told]) == {"at_risk", "off_track"}
    worse = found.loc["industry.unsafe_housing"]  # from 25,343 to 44,141 in two years
    assert (worse["variation"], worse["signal"]) == ("moving", False)


def test_a_region_has_signals_and_a_forecast_of_its_own():
    drawn = "indicator_id | region_id | period | value\n"
    drawn += yearly(STABLE) + "\n" + yearly([*STABLE[:-1], 30]).replace("KZ", "KZ-10")
    due = "indicator_id | region_id | due_on | kind | value\nhealth.life | KZ-10 | 2023-12-31 | final | 40"
    data = dataset("2022-01-31", registry=KNOWN, observations=drawn, targets=due)
    words = open_wording("en")

    assert signals.signalled(data)["variation"].tolist() == ["common_cause"]
    of_region = blocks.signals(data, words, region_id="KZ-10").frame
    assert of_region[["region_id", "variation"]].values.tolist() == [
        ["KZ-10", "improvement_high"]
    ]
    assert blocks.outlook(data, words).frame.empty
    ahead = blocks.outlook(data, words, region_id="KZ-10").frame
    assert ahead[["value", "target_value"]].values.tolist() == [[30, 40]]
    for block in (blocks.signals, blocks.outlook):
        with pytest.raises(DefinitionError, match=r"There is no region 'KZ-1'. Did you mean "):
            block(data, words, region_id="KZ-1")
