import re
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery_analytics.model.registry import Unit
from delivery_analytics.wording import codes
from delivery_analytics.wording.wording import open_wording

EN, RU, KK = open_wording("en"), open_wording("ru"), open_wording("kk")
ALL = [EN, RU, KK]
each_language = pytest.mark.parametrize("words", ALL, ids=lambda words: words.language)

RATE = Unit(id="per_1000", name={"en": "per 1,000 births"})
PERCENT = Unit(id="percent", name={"en": "per cent"}, kind="percent")
TENGE = Unit(id="kzt", name={"en": "tenge"}, kind="money", decimals=0)


def plain(text):
    """With ordinary spaces: where a line may break is a test of its own."""
    return text.replace("\u00a0", " ")


# Reasons

ROW = {
    "as_of": pd.Timestamp("2024-01-31"),
    "period": "2023",
    "value": 11.4,
    "baseline_value": 13.4,
    "expected_value": 10.2,
    "target_value": 8.0,
    "score": 0.625,
    "reason": "below_trajectory",
}


def reason(words=EN, unit=RATE, direction="decrease", **changed):
    return plain(words.reason({**ROW, **changed}, unit, direction))


def test_a_reason_says_what_was_found_expected_and_how_far_apart_they_are():
    assert reason() == (
        "11.4, against 10.2 expected by the end of 2023 (lower is better): "
        "1.2 behind the trajectory (63% of the planned change delivered)."
    )
    assert reason(RU) == (
        "11,4 при ожидаемом к концу 2023 года значении 10,2 (чем меньше, тем лучше): "
        "отставание от траектории — 1,2 (выполнено 63 % запланированного изменения)."
    )
    assert reason(KK) == (
        "Нақты мәні – 11,4; 2023 жылдың соңына қарай күтілген мәні – 10,2 "
        "(аз болғаны жақсы): траекториядан артта қалу – 1,2 "
        "(жоспарланған өзгерістің 63 %-ы орындалды)."
    )


def test_a_row_of_a_table_is_read_like_a_mapping():
    assert EN.reason(pd.Series(ROW), TENGE, "decrease") == EN.reason(ROW, TENGE, "decrease")


def test_more_is_better_needs_no_explanation():
    row = {"value": 9.0, "expected_value": 8.0, "baseline_value": 4.0, "score": 1.25}

    assert reason(direction="increase", reason="ahead_of_trajectory", **row) == (
        "9.0, against 8.0 expected by the end of 2023: 1.0 ahead of the trajectory "
        "(125% of the planned change delivered)."
    )


def test_the_difference_is_that_of_the_printed_figures():
    # 10.25 - 10.15 is 0.1, and prints as 10.3 against 10.2.
    assert "10.3, against 10.2" in reason(value=10.25, expected_value=10.15)
    assert "0.1 behind" in reason(value=10.25, expected_value=10.15)


def test_two_figures_against_each_other_never_look_alike():
    # 10.24 and 10.16 would both be 10.2.
    assert "10.24, against 10.16" in reason(value=10.24, expected_value=10.16)
    assert "0.08 behind" in reason(value=10.24, expected_value=10.16)
    few = reason(value=0.0004, expected_value=0.02, target_value=0.9, direction="increase")
    assert "0.00, against 0.02" in few
    nearly = reason(value=10.2, expected_value=10.200000000001, reason="on_trajectory")
    assert "on the trajectory" in nearly


@pytest.mark.parametrize(
    ("value", "target", "text"),
    [
        # Two digits more than the unit's are told; the third would be falsely precise.
        (4.5, 4.501, "4.500, against a target of 4.501: 0.001 short of the target."),
        (4.5, 4.5001, "4.5 (slightly less), against a target of 4.5: less than 0.1 short of the "
                      "target."),
        (4.5001, 4.5, "4.5 (slightly more), against a target of 4.5: less than 0.1 beyond the "
                      "target."),
        (4.5, 4.5 + 1e-12, "4.5, against a target of 4.5: equal to the target."),
        # Of small figures three digits are told.
        (12e-6, 14e-6, "0.000012, against a target of 0.000014: 0.000002 short of the target."),
    ],
)  # fmt: skip
def test_figures_that_differ_neither_look_alike_nor_are_falsely_precise(value, target, text):
    said = reason(
        reason="target_missed", value=value, target_value=target, direction="increase"
    )

    assert said == text


def test_the_smallest_gap_is_told_in_every_language_and_wherever_figures_stand_side_by_side():
    row = {"reason": "plan_missed", "value": 4.5, "expected_value": 4.50004, "score": None}
    assert reason(RU, PERCENT, "increase", **row) == (
        "4,5 % (чуть меньше) при плане 4,5 % на 2023 год: отставание от плана — менее 0,1 п.п."
    )
    assert reason(KK, PERCENT, "increase", **row) == (
        "2023 жыл бойынша нақты мәні – 4,5 % (сәл аз); жоспары – 4,5 %: "
        "жоспардан артта қалу – 0,1 п.т. шамасынан аз."
    )
    beside = [plain(text) for text in EN.values([4.5, 4.50004, 4.9], PERCENT)]
    assert beside == ["4.5% (slightly less)", "4.5%", "4.9%"]
    assert plain(EN.difference(4.5, 4.50004, PERCENT)) == "less than 0.1 percentage points"
    assert plain(EN.difference(4.5, 4.53, PERCENT)) == "−0.03 percentage points"
    assert plain(EN.difference(4.5, 4.5 + 1e-12, PERCENT)) == "0.0 percentage points"


def test_equal_figures_are_said_to_be_equal():
    said = reason(value=10.2, score=1.0, reason="on_trajectory")

    assert "on the trajectory (100% of the planned change delivered)" in said


def test_a_share_below_the_plan_is_never_shown_as_the_whole():
    row = {"value": 11.0, "expected_value": 10.0, "baseline_value": 900.0, "score": 889 / 890}

    assert "1.0 behind the trajectory (99.9% of the planned change delivered)" in reason(**row)


def test_a_share_that_is_not_the_methods_score_is_left_out():
    assert "delivered" not in reason(score=-0.4)
    assert "delivered" in reason(score=None)
    assert "delivered" not in reason(direction="maintain")
    assert "delivered" not in reason(expected_value=14.0, reason="on_trajectory")


def test_a_due_promise_is_measured_by_the_target_it_misses():
    row = {"value": 10.0, "expected_value": 10.2, "target_value": 8.0, "score": None}

    assert (
        reason(**row)
        == "10.0, against a target of 8.0 (lower is better): 2.0 short of the target."
    )


def test_a_reason_reads_rightly_whatever_the_code_claims():
    assert "2.0 short of the target" in reason(reason="target_reached", value=10.0)
    assert "3.4 better than the baseline" in reason(reason="against_direction", value=10.0)
    assert "0.2 beyond the plan" in reason(reason="plan_missed", value=10.0)


def test_plans_are_judged_by_their_execution():
    row = {"value": 45.0, "expected_value": 50.0, "period": "2024-Q2", "score": 90.0}

    assert reason(direction="increase", reason="plan_nearly_met", **row) == (
        "45.0, against a plan of 50.0 for Q2 2024: 5.0 short of the plan (execution: 90%)."
    )
    assert reason(RU, direction="increase", reason="plan_nearly_met", **row) == (
        "45,0 при плане 50,0 на II квартал 2024 года: отставание от плана — 5,0 "
        "(исполнение — 90 %)."
    )


def test_percentages_differ_by_percentage_points_and_money_keeps_one_scale():
    assert "1.2 percentage points behind the trajectory" in reason(unit=PERCENT)
    money = {"value": 10e12, "expected_value": 10.05e12, "baseline_value": 9e11, "score": None}
    said = reason(unit=TENGE, direction="increase", **money)
    assert said.startswith("₸10.00 trillion, against ₸10.05 trillion expected")
    assert "₸0.05 trillion behind" in said


def test_shares_of_something_differ_by_percentage_points_too():
    symbol = {"en": "% of GDP", "ru": "% ВВП", "kk": "ЖІӨ-ге %"}
    unit = Unit(id="gdp", name={"en": "per cent of GDP"}, symbol=symbol)

    assert reason(unit=unit).startswith("11.4% of GDP, against 10.2% expected")
    assert "1,2 п.т." in reason(KK, unit=unit)
    assert plain(RU.change(0.4, unit)) == "+0,4 п.п."


def test_a_level_to_be_kept_is_above_or_below_and_the_code_says_whether_that_is_allowed():
    row = {"value": 9.0, "target_value": 8.0, "direction": "maintain"}

    assert reason(reason="within_tolerance", **row) == (
        "9.0, against 8.0 to be maintained: 1.0 above the target (within the agreed tolerance)."
    )
    assert "1.0 ниже целевого" not in reason(RU, reason="outside_tolerance", **row)
    assert "за пределами согласованного допуска" in reason(
        RU, reason="outside_tolerance", **row
    )


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("no_observation", "No data reported."),
        ("value_missing", "The return gives no figure for 2023."),
        ("no_target", "11.4 reported for 2023, but no target has been agreed."),
        ("no_baseline", "11.4 reported for 2023, but no baseline has been agreed."),
        ("no_planned_change", "11.4 reported for 2023, but the target equals the baseline."),
        (
            "no_plan_for_period",
            "11.4 reported for 2023, but no plan has been agreed for that period.",
        ),
        (
            "target_contradicts_direction",
            "The target, 8.0, is below the baseline, 13.4, but the indicator should rise.",
        ),
        (
            "observation_stale",
            "The latest figure, 11.4 for 2023, is too old to be judged on 31 January 2024.",
        ),
        ("before_baseline", "The latest figure, 11.4 for 2023, is older than the baseline."),
        (
            "zero_plan",
            "11.4, against a plan of 10.2 for 2023: the percentage cannot be calculated.",
        ),
    ],
)
def test_what_is_not_judged_says_why(code, text):
    assert reason(direction="increase", reason=code) == text


CODES = sorted(codes.REASON)


@each_language
@pytest.mark.parametrize("code", CODES)
def test_without_figures_the_reason_alone_is_given(words, code):
    said = words.reason({"reason": code, "period": "", "value": None}, RATE, "increase")

    assert said == f"{words.code('reason', code)}."
    assert words.code("reason", code) != code


@each_language
@pytest.mark.parametrize("code", CODES)
def test_a_reason_ends_with_one_full_stop_and_has_no_dash_for_a_figure(words, code):
    said = reason(words, reason=code, period="2024-06")

    assert said.endswith(".") and not said.endswith("..")
    assert "{" not in said
    assert not re.search(r"–(?! )", said)


# What each finding claims: 1 better, -1 worse, 0 alike.
CLAIMS = {
    "en": {
        **{"ahead of": 1, "beyond": 1, "better than": 1},
        **{"short of": -1, "behind the": -1, "worse than": -1},
        **{"on the trajectory": 0, "equal to": 0, "unchanged": 0},
    },
    "ru": {
        **{"опережение": 1, "перевыполнение": 1, "лучше ": 1},
        **{"отставание": -1, "хуже ": -1},
        **{"в точности ": 0, "без изменений": 0},
    },
    "kk": {
        **{"озу –": 1, "асыра орындау": 1, "жақсы, айырмасы –": 1},
        **{"артта қалу": -1, "нашар, айырмасы –": -1},
        **{"дәл сәйкес": 0, "дәл тең": 0, "өзгеріссіз": 0},
    },
}
figures = st.one_of(
    st.integers(-300, 300).map(lambda n: n / 20),
    st.floats(-1e7, 1e7, allow_nan=False, width=32),
)


def printed(words, sentence):
    """The sentence's numbers in order, read from its text alone."""
    group, mark = (",", ".") if words.language == "en" else ("\u00a0", ",")
    found = re.findall(rf"−?\d+(?:{group}\d{{3}})*(?:\{mark}\d+)?", sentence)
    return [
        Decimal(text.replace(group, "").replace(mark, ".").replace("−", "-")) for text in found
    ]


# Where two figures that differ read alike, which of them is more, and that the gap is small.
HIDDEN = {
    "en": ("(slightly less)", "(slightly more)", "less than"),
    "ru": ("(чуть меньше)", "(чуть больше)", "менее"),
    "kk": ("(сәл аз)", "(сәл көп)", "шамасынан аз"),
}


def side_of(words, sentence, first, second):
    """Return which of the printed figures is more; where they read alike, what is said of it."""
    less, more, small = HIDDEN[words.language]
    if first != second:
        assert not any(text in sentence for text in (less, more, small))
        return 1 if first > second else -1
    assert (less in sentence or more in sentence) == (small in sentence)
    assert first or small not in sentence  # never nought against nought
    return (more in sentence) - (less in sentence)


@each_language
@given(
    value=figures,
    other=figures,
    baseline=figures,
    decimals=st.integers(0, 3),
    direction=st.sampled_from(["increase", "decrease"]),
    code=st.sampled_from(["on_trajectory", "below_trajectory", "target_reached"]),
)
def test_what_a_sentence_claims_agrees_with_the_figures_it_prints(
    words, value, other, baseline, decimals, direction, code
):
    unit = Unit(id="u", name={"en": "u"}, decimals=decimals)
    row = {"value": value, "baseline_value": baseline, "reason": code, "period": "2023"}
    row |= {"expected_value": other, "target_value": other}

    sentence = words.reason(row, unit, direction).replace(words.by_end_of("2023"), "")
    first, second, *rest = printed(words, sentence)
    claims = {claim for text, claim in CLAIMS[words.language].items() if text in sentence}
    side = side_of(words, sentence, first, second)
    better = side if direction == "increase" else -side

    assert claims == {better}
    assert ("(lower is better)" in sentence) == (
        words is EN and direction == "decrease" and side != 0
    )
    if side:
        gap = rest.pop(0)
        assert gap == abs(first - second) or first == second
    if rest and side:
        assert (rest[0] > 100) == (better > 0)


@each_language
@given(value=figures, other=figures, code=st.sampled_from(["against_direction", "plan_missed"]))
def test_plans_and_baselines_are_compared_as_printed_too(words, value, other, code):
    row = {"value": value, "reason": code, "period": ""}
    row |= {"expected_value": other, "baseline_value": other}

    sentence = words.reason(row, RATE, "increase")
    first, second, *rest = printed(words, sentence)
    claims = {claim for text, claim in CLAIMS[words.language].items() if text in sentence}

    assert claims == {side_of(words, sentence, first, second)}
    assert not rest or rest[0] == abs(first - second) or first == second


@given(value=figures, other=figures)
def test_where_no_direction_is_known_only_above_and_below_are_said(value, other):
    row = {"value": value, "expected_value": other, "reason": "on_trajectory"}

    sentence = EN.reason(row, RATE)
    first, second = printed(EN, sentence)[:2]

    side = side_of(EN, sentence, first, second)
    assert ("above" in sentence) == (side > 0)
    assert ("below" in sentence) == (side < 0)
    assert not re.search("short|behind|ahead|better", sentence)


def test_a_level_at_its_target_before_the_day_says_when_it_is_due():
    early = {"reason": "at_target_level", "value": 34.7, "target_value": 35.0}

    assert reason(**early, target_on=pd.Timestamp("2025-12-31")) == (
        "34.7, against a target of 35.0 (lower is better): 0.3 beyond the target "
        "(at target level, due 2025)."
    )
    assert reason(RU, **early, target_on=pd.Timestamp("2025-12-31")).endswith(
        "(на уровне целевого значения, срок — 2025 год)."
    )
    assert reason(**early, target_on=pd.Timestamp("2025-06-30")).endswith(
        "(at target level, due 30 June 2025)."
    )


def test_figures_that_are_equal_on_paper_are_said_to_be_equal():
    said = reason(reason="target_reached", value=2009.9999999999998, target_value=2010.0)

    assert said == "2,010.0, against a target of 2,010.0: equal to the target."


def test_a_target_that_is_due_and_missed_says_so_with_its_day():
    missed = {"reason": "target_missed", "value": 3.0, "target_value": 0.0}

    assert reason(**missed, target_on=pd.Timestamp("2024-12-31")) == (
        "3.0, against a target of 0.0, due 2024 (lower is better): 3.0 short of the target."
    )


def test_a_promise_without_a_figure_says_what_is_promised():
    due = pd.Timestamp("2025-12-31")

    assert reason(reason="no_observation", target_on=due) == (
        "No data reported; target 8.0, due 2025."
    )
    assert reason(reason="value_missing", target_on=due) == (
        "The return gives no figure for 2023; target 8.0, due 2025."
    )
