"""XmR charts by the rules of Making Data Count, held to published points, limits and icons."""

import json

import numpy as np
import pandas as pd
import pytest

from delivery_analytics.methods import spc
from tests.support.shared import SHARED, needs_shared

SIGNALS = {
    "Above UCL": "outside_above",
    "Below LCL": "outside_below",
    "7 Point Trend (Increasing)": "trend_up",
    "7 Point Trend (Decreasing)": "trend_down",
    "2 in 3 Above CL": "two_in_three_above",
    "2 in 3 Below CL": "two_in_three_below",
    "7 Points Above CL": "run_above",
    "7 Points Below CL": "run_below",
    "Common Cause": "common_cause",
}


def series(values, *, direction="increase", name="a", **more):
    days = pd.date_range("2024-01-31", periods=len(values), freq="ME")
    return pd.DataFrame(
        {
            "indicator_id": name,
            "region_id": "KZ",
            "period_end": days,
            "value": np.asarray(values, dtype=float),
            "direction": direction,
            **more,
        }
    )


def oracle():
    points = pd.read_csv(SHARED / "oracles" / "spc_nhsr_points.csv")
    cases = pd.read_csv(SHARED / "oracles" / "spc_nhsr_cases.csv")
    for case in cases.itertuples():
        own = points[points["case"] == case.case].reset_index(drop=True)
        drawn = pd.DataFrame(
            {
                "indicator_id": case.case,
                "region_id": "KZ",
                "period_end": pd.to_datetime(own["x"]),
                "value": own["y"],
                "direction": case.improvement_direction.replace("neutral", "maintain"),
                "rebase": own["rebase_group"],
                "target_value": case.target,
            }
        )
        fixed = None if pd.isna(case.fix_after_n_points) else int(case.fix_after_n_points)
        screen = bool(case.screen_outliers)
        yield case, own, spc.xmr(drawn, screen=screen, fix_after=fixed, strict=True)


@needs_shared
def test_every_point_label_limit_and_icon_of_the_reference_is_reproduced(tally):
    good = total = icons = cases = 0
    for case, own, found in oracle():
        alike = found["signal"] == own["special_cause_type"].map(SIGNALS)
        alike &= found["variation"] == own["point_type"].str.replace("special_cause_", "")
        for ours, theirs in (("mean", "mean_col"), ("lower", "lpl"), ("upper", "upl")):
            alike &= np.isclose(found[ours], own[theirs], rtol=1e-8, atol=1e-8, equal_nan=True)
        good, total = good + int(alike.sum()), total + len(own)
        icon = spc.icons(found).iloc[0]
        expected = case.last_variation.replace("special_cause_", "")
        assurance = "" if pd.isna(case.assurance) else case.assurance
        kind = icon["variation"]
        # The reference names high and low of neutral points alone.
        shown = kind if kind.startswith("neutral") else kind.partition("_")[0]
        icons += (shown, icon["assurance"]) == (
            expected if expected.startswith("neutral") else expected.partition("_")[0],
            assurance,
        )
        cases += 1
    tally("SPC: points, label, class and limits", good, total)
    tally("SPC: icons of a chart", icons, cases)
    assert (good, icons) == (total, cases) == (1977, 60)


@needs_shared
def test_the_unit_vectors_of_both_references_are_reproduced(tally):
    vectors = json.loads((SHARED / "oracles" / "spc_unit_vectors.json").read_text("utf-8"))
    checked = 0
    for one in vectors["xmr_limits_no_screening"]:
        row = spc.xmr(series(one["y"]), screen=False, strict=True).iloc[0]
        for ours, theirs in (
            ("mean", "mean"), ("lower", "lpl"), ("upper", "upl"),
            ("near_lower", "nlpl"), ("near_upper", "nupl"),
        ):  # fmt: skip
            if theirs in one:
                assert row[ours] == pytest.approx(one[theirs], abs=1e-8)
        checked += 1
    for one in vectors["seven_trend_completes_at"]:
        values = pd.Series(one["y"], dtype=float)
        step = np.sign(values.diff().fillna(0).to_numpy())
        found = spc._trend(step, np.zeros(len(values), dtype=int))
        ends = [place for place, out in enumerate(one["out"]) if out]
        whole = {place - back for place in ends for back in range(7)}
        assert set(np.flatnonzero(found)) == whole
        checked += 1
    for one in vectors["seven_one_side_completes_at"]:
        side = np.array(one["rel"])
        found = spc._one_side(side, np.zeros(len(side), dtype=int))
        out = one.get("out", one.get("out_nhsr"))
        whole = {place - back for place, o in enumerate(out) if o for back in range(7)}
        assert set(np.flatnonzero(found)) == whole
        checked += 1
    for one in vectors["two_in_three_window"]:
        close = np.array(one["close"]) == 1
        key = np.zeros(len(close), dtype=int)
        found = spc._two_in_three(np.array(one["rel"]), close, key)
        assert found.tolist() == (close & (np.array(one["out"]) == 1)).tolist()
        checked += 1
    for one in vectors["assurance"]:
        judged = pd.DataFrame(
            {
                "indicator_id": ["a"], "region_id": "KZ", "signal": "common_cause",
                "variation": "common_cause", "lower": one["lpl"], "upper": one["upl"], "n": 20,
                "direction": one["dir"].replace("neutral", "maintain"),
                "target_value": [np.nan if one["target"] is None else float(one["target"])],
            }
        )  # fmt: skip
        assert spc.icons(judged)["assurance"].tolist() == [one["out"] or ""]
        checked += 1
    tally("SPC: unit vectors", checked, 35)
    assert checked == 35


def test_limits_worked_by_hand():
    # Ranges 2 1 3 2, so 2 on average; values 11.4 on average: limits 11.4 -+ 2.66 * 2.
    row = spc.xmr(series([10, 12, 13, 10, 12])).iloc[0]

    assert row["mean"] == pytest.approx(11.4)
    assert row["upper"] == pytest.approx(11.4 + 5.32)
    assert row["near_lower"] == pytest.approx(11.4 - 5.32 * 2 / 3)


@pytest.mark.parametrize("values", [[5.0] * 12, [5.0] * 11 + [9.0], [1.0], [], [1, 2, 1, 2, 1]])
def test_where_hardly_any_range_differs_there_are_no_limits_and_no_signal(values):
    found = spc.xmr(series(values))

    assert found["upper"].isna().all()
    assert not found["outside"].any()


def test_as_strict_as_the_reference_one_jump_after_a_flat_run_lies_outside():
    found = spc.xmr(series([5.0] * 11 + [9.0]), strict=True)

    assert found["signal"].tolist()[-1] == "outside_above"


def test_the_same_rise_is_an_improvement_a_concern_or_neither():
    rising = [*range(10, 17), 15, 16, 18]
    found = {
        way: spc.xmr(series(rising, direction=way))["variation"].iloc[4]
        for way in ("increase", "decrease", "maintain")
    }

    assert found == {
        "increase": "improvement",
        "decrease": "concern",
        "maintain": "neutral_high",
    }


def test_rules_never_look_across_two_series_or_a_new_base():
    up = list(range(7))
    two = pd.concat([series(up[:4], name="a"), series(up[4:], name="b")])
    rebased = series(up, rebase=[0] * 4 + [1] * 3)

    assert set(spc.xmr(two, strict=True)["signal"]) == {"common_cause"}
    assert "trend_up" not in set(spc.xmr(rebased, strict=True)["signal"])
    assert "trend_up" in set(spc.xmr(series(up), strict=True)["signal"])


def test_points_without_a_value_are_left_out_and_order_does_not_matter():
    values = [3, 5, np.nan, 4, 8, np.inf, 2, 7]
    found = spc.xmr(series(values).sample(frac=1, random_state=1))

    assert found["value"].tolist() == [3, 5, 4, 8, 2, 7]
    assert found["n"].tolist() == [6] * 6


def test_few_points_give_limits_for_trial():
    many = spc.icons(spc.xmr(series([*range(5), *range(8)], target_value=100.0)))
    few = spc.icons(spc.xmr(series([1, 3, 2, 6, 4], target_value=100.0)))

    assert (many["trial_limits"].tolist(), few["trial_limits"].tolist()) == ([False], [True])
    assert few["assurance"].tolist() == ["consistent_fail"]
