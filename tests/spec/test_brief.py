"""The brief: one page that answers, and the three rows that it tells.

| report | answer | rows | picture |
|---|---|---|---|
| the nation | {well} of {judged} judged indicators are achieved or on track; {n} are off track, first ‘{name}’; {percent} of the budget is not spent | the first three of the nation | statuses by sector |
| a sector, a programme | the same, of its indicators | the first three of them | the trajectory of the first row with four figures |
| a region | the same, of its figures and promises | its first three; obstacles of the nation are told as such | its first row against all regions |
| a hundred-day challenge, instructions, the quality of the data | the finding of its chart | none | that chart |
| methods side by side, reports of your own | its question, unless it adds a brief | none | none |

The second part of the answer names the worst status that occurs; the third stands where less than
95 % is spent. Three rows are chosen of what is behind or owes a figure, in this order: off track, at
risk, not judged (no figure before too old); official targets before illustrative ones; the priority;
`gap_years`, and where the history does not tell it the share of the promised change that is missing,
100 % at most; the level of the oldest open obstacle (the centre, the ministry, the team, none); its
days open; the registry's order. What has no agreed target is never chosen.

The reason is that obstacle; what is asked are the team's own words (`ask`, in 85 letters; longer ones
are told, `value.long`), else what its level asks for; what cannot be judged owes its figures. An instruction that is overdue is added.
Nothing is cut: type goes down half a point twice, then the last row's reason stands among the notes.
"""

import pytest

from delivery_analytics.analytics.status import assess
from delivery_analytics.briefing.choice import choose
from tests.support.tables import dataset, registry, same

NAMES = (
    "off",
    "risk",
    "fine",
    "silent",
    "old",
    "unpromised",
    "drawn",
    "first",
    "stuck",
    "late",
)
KNOWN = registry(
    "indicator_id | priority\n"
    + "".join(f"health.{name} | {1 if name == 'first' else ''}\n" for name in NAMES)
)
# Expected at the end of 2023, on the way from 0 in 2019 to 50 in 2024: 40.
FIGURES = {"off": 10, "risk": 36, "fine": 45, "drawn": 5, "first": 20, "stuck": 10, "late": 10}


def world(**tables):
    history = "indicator_id | region_id | period | value\n" + "".join(
        f"health.{name} | KZ | 2023 | {value}\n" for name, value in FIGURES.items()
    )
    promised = "indicator_id | due_on | kind | value | illustrative\n" + "".join(
        f"health.{name} | {day} | {kind} | {value} | {'yes' if name == 'drawn' else ''}\n"
        for name in NAMES
        if name != "unpromised"
        for day, kind, value in (("2019-12-31", "baseline", 0), ("2024-12-31", "final", 50))
    )
    history += "health.old | KZ | 2020 | 5\nhealth.unpromised | KZ | 2023 | 5\n"
    return dataset(
        "2024-06-30",
        registry=KNOWN,
        observations=history,
        targets=promised,
        obstacles="""
            obstacle_id | indicator_id | level    | raised_on  | text    | ask
            a           | health.late  | working  | 2024-01-01 | shut    |
            b           | health.stuck | centre   | 2024-05-01 | flooded | Drain it
            c           | health.stuck | ministry | 2024-06-01 | younger |
        """,
        **tables,
    )


def test_the_worst_come_first_and_what_nobody_promised_never():
    chosen = choose(data := world(), assess(data), top=None)

    same(
        chosen[["indicator_id", "status", "owed", "level", "days_open", "obstacle"]],
        """
        indicator_id  | status     | owed         | level   | days_open | obstacle
        health.first  | off_track  |              |         |           |
        health.stuck  | off_track  |              | centre  |        60 | flooded
        health.late   | off_track  |              | working |       181 | shut
        health.off    | off_track  |              |         |           |
        health.drawn  | off_track  |              |         |           |
        health.risk   | at_risk    |              |         |           |
        health.silent | not_judged | first_figure |         |           |
        health.old    | not_judged | figures      |         |           |
        """,
    )


def test_three_are_chosen_and_what_the_team_asks_stands_beside_its_obstacle():
    chosen = choose(data := world(), assess(data))

    assert list(chosen["indicator_id"].str[7:]) == ["first", "stuck", "late"]
    assert list(chosen["ask"]) == ["", "Drain it", ""]
    assert not chosen["elsewhere"].any()


@pytest.mark.parametrize(("due", "told"), [("2024-03-01", "2024-03-01"), ("2024-07-01", "")])
def test_an_overdue_instruction_is_told_by_the_deadline_it_missed(due, told):
    drawn = f"""
        instruction_id | indicator_id | due_on     | control
        one            | health.off   | {due} | ordinary
        another        | health.off   | 2024-08-01 | ordinary
    """
    chosen = choose(data := world(instructions=drawn), assess(data), top=None)

    [day] = chosen[chosen["indicator_id"] == "health.off"]["instruction_due"]
    assert str(day)[:10].replace("NaT", "") == told


def test_in_a_region_the_nations_obstacle_is_told_as_the_nations():
    data = world()
    there = assess(data).assign(region_id="KZ-71")

    chosen = choose(data, there, region_id="KZ-71").set_index("indicator_id")

    assert list(chosen.index[chosen["elsewhere"]]) == ["health.stuck"]
    assert choose(data, there).empty
