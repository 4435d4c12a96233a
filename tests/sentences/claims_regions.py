"""What is said of regions beside each other, of time spans, of changes and of the portal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pandas as pd

from tests.sentences.case import BARE, Case, UnreadError, claim
from tests.sentences.claims_delivery import sources
from tests.sentences.claims_money import whole
from tests.sentences.claims_status import counted, is_count, of_period, shows
from tests.sentences.grammar import Said
from tests.sentences.headlines import headline

_TOTALS = ("count", "money")


def latest(case: Case, indicator: str) -> pd.DataFrame:
    """Return the regions' figures of the latest period of which any region has one."""
    rows = case.truth.known["observations"]
    rows = rows[(rows["indicator_id"] == indicator) & (rows["region_id"] != "KZ")]
    rows = rows[rows["value"].notna() & (rows["period_end"] <= case.truth.as_of)]
    own = rows[rows["period_end"] == rows["period_end"].max()]
    return own.set_index("region_id")


def has_place(case: Case, indicator: str) -> pd.DataFrame:
    """Return those of the latest figures that have a place: nought events are luck."""
    rows = latest(case, indicator)
    if case.truth.indicators[indicator]["direction"] == "decrease":
        rows = rows[rows["value"] != 0]
    return rows


@claim("{indicator}: from {high} in {best} to {low} in {worst}")
def ends(case: Case, said: Said) -> Iterator[str]:
    """Verify the first and the last place: of a level that is kept, by how near it is."""
    name = case.indicator(said.parts["indicator"])
    rows = has_place(case, name)
    way = case.truth.indicators[name]["direction"]
    order = rows["value"] * (1 if way == "increase" else -1)
    if way == "maintain":
        kept = [case.truth.judged(name, str(region)).target for region in rows.index]
        order = -(rows["value"] - pd.Series(kept, rows.index, dtype="float64")).abs()
    best, worst = (rows["value"][order == edge] for edge in (order.max(), order.min()))
    for end, figure, place in ((best, "high", "best"), (worst, "low", "worst")):
        region = case.id_of(case.truth.regions, said.parts[place].text)
        if region not in end.index:
            yield f"{said.parts[place].text}: it has {rows['value'].get(region)}"
        yield from shows(case, said.parts[figure], rows["value"].get(region), name)


@claim(
    "{indicator}: only {best} reported a figure, {high}", "{indicator}: {high} in every region"
)
def alone(case: Case, said: Said) -> Iterator[str]:
    name = case.indicator(said.parts["indicator"])
    rows = latest(case, name)
    if "best" in said.parts:
        region = case.id_of(case.truth.regions, said.parts["best"].text)
        if list(rows.index) != [region]:
            yield f"{said.text}: {list(rows.index)} have one"
    for figure in rows["value"]:
        yield from shows(case, said.parts["high"], figure, name)


@claim("{indicator} on the map: from {low} to {high}")
def on_the_map(case: Case, said: Said) -> Iterator[str]:
    name = case.indicator(said.parts["indicator"])
    values = latest(case, name)["value"]
    yield from shows(case, said.parts["low"], values.min(), name)
    yield from shows(case, said.parts["high"], values.max(), name)


@claim("{indicator}: rose in {up} and fell in {down} of {n} regions since {period}")
def rose(case: Case, said: Said) -> Iterator[str]:
    name = case.indicator(said.parts["indicator"])
    series = [case.truth.figures(name, one) for one in case.truth.regions if one != "KZ"]
    since = case.period(said.parts["period"])
    series = [one for one in series if since in set(one["period"].iloc[:-1])]
    first = [one.loc[one["period"] == since, "value"].iloc[0] for one in series]
    changes = [one["value"].iloc[-1] - then for one, then in zip(series, first, strict=True)]
    true = (sum(one > 0 for one in changes), sum(one < 0 for one in changes), len(changes))
    for place, number in zip(("up", "down", "n"), true, strict=True):
        yield from is_count(said, case.count(said.parts[place]), number)


@claim("span", "{since} to {until}")
def span(case: Case, said: Said) -> Iterator[str]:
    seen = case.truth.figures(case.subject, case.region)
    yield from of_period(case, said.parts["since"], seen["period"].iloc[0])
    yield from of_period(case, said.parts["until"], seen["period"].iloc[-1])


def subtitle_period(case: Case, said: Said) -> Iterator[str]:
    """Verify a chart's one period: of money, of regions side by side, of the only figure."""
    if case.subject_or_none is None:
        yield from of_period(case, said, whole(case).period)
        return
    told = {*latest(case, case.subject)["period"]}
    seen = case.truth.figures(case.subject, case.region)["period"]
    told |= set(seen.iloc[-1:]) if len(seen) == 1 else set()
    if case.period(said) not in told:
        yield f"{said.text}: {told}"


@claim("Earlier figures, not drawn: {regions}")
def earlier(case: Case, said: Said) -> Iterator[str]:
    """Verify each region's latest period, which is in parentheses behind its name."""
    newest = latest(case, case.subject)
    for one in said.every():
        if one.key == "dated":
            region = case.id_of(case.truth.regions, one.parts["name"].text)
            seen = case.truth.figures(case.subject, region)["period"].iloc[-1]
            yield from of_period(case, one.parts["period"], seen)
            if region in newest.index:
                yield f"{one.text}: it has a figure of {newest['period'].iloc[0]}"


def places(case: Case) -> list[tuple[int, int]]:
    """Return a region's place in every indicator that has places, and how many have one."""
    out = []
    for name in case.truth.subjects(case.region):
        agreed = case.truth.indicators[name]
        rows = has_place(case, name)
        total = case.truth.units[agreed["unit"]].get("kind") in _TOTALS
        if case.region in rows.index and agreed["direction"] != "maintain":
            if total and agreed.get("over_regions", "none") in ("sum", "none"):
                continue
            sign = 1 if agreed["direction"] == "increase" else -1
            own = rows["value"][case.region]
            out.append((1 + int((sign * (rows["value"] - own) > 0).sum()), len(rows)))
    return out


@claim(
    "The baseline of {period} is above all figures of {first} to {last}",
    "The baseline of {period} is below all figures of {first} to {last}",
)
def turns(case: Case, said: Said) -> Iterator[str]:
    """Verify it against the figures within three years to either side."""
    period = case.period(said.parts["period"])
    seen = case.truth.figures(case.subject, case.region)
    year = seen["period"].str[:4].astype(int) - int(period[:4])
    near = seen[year.abs().between(1, 3)]
    base = case.truth.judged(case.subject, case.region).baseline
    above = "above" in said.key
    if not (near["value"] < base if above else near["value"] > base).all():
        yield f"{said.text}: {base} against {list(near['value'])}"
    yield from of_period(case, said.parts["first"], near["period"].iloc[0])
    yield from of_period(case, said.parts["last"], near["period"].iloc[-1])


@claim("{indicator}: {value} for {period}, {signal}", "{indicator}: {value} for {period}")
def controlled(case: Case, said: Said) -> Iterator[str]:
    name = case.indicator(said.parts["indicator"])
    seen = case.truth.figures(name, case.region)
    yield from shows(case, said.parts["value"], seen["value"].iloc[-1], name)
    yield from of_period(case, said.parts["period"], seen["period"].iloc[-1])
    signal = said.parts.get("signal")
    if signal is None:
        return
    values, sign = seen["value"], _SIGNS[case.truth.indicators[name]["direction"]]
    usual = (values.iloc[-1] - values.mean()) * sign
    if ("worse" in signal.key and usual > 0) or (
        "better" in signal.key and "worse" not in signal.key and usual < 0
    ):
        yield f"{signal.text}: {values.iloc[-1]} beside a mean of {values.mean()}"
    if "last change was for the better" in signal.key and sign * values.diff().iloc[-1] <= 0:
        yield f"{signal.text}: the last change was {values.diff().iloc[-1]}"


_SIGNS = {"increase": 1, "decrease": -1, "maintain": 0}


@claim(
    "Limits are the mean plus or minus 2.66 times the mean moving range since the last "
    "shift of 8 figures to one side; with fewer than {n} figures they are provisional. "
    "There are none for fewer than {years} years, or for yearly figures that follow a "
    "trend. Whether the target will be reached is said only of figures without a trend."
)
def limits(case: Case, said: Said) -> Iterator[str]:
    """Verify the two numbers of METHODS.md, signal or noise."""
    yield from is_count(said, case.count(said.parts["n"]), 13)
    yield from is_count(said, case.count(said.parts["years"]), 12)


def status_count(case: Case, said: Said) -> Iterator[str]:
    """Verify how many indicators of the nation, or of a card's subject, have a status."""
    name, true = case.sentence.above, counted(case)
    for kind, among in (
        ("sector", case.truth.sectors),
        ("region", case.truth.regions),
        ("programme", case.truth.definition("programmes.toml")),
    ):
        try:
            key = case.id_of(among, name)
        except UnreadError:
            continue
        page = f"{kind}/{key}"
        region = case.truth.region_of(page)
        names = case.truth.indicators_of(page)
        true = Counter(case.truth.judged(one, region).status for one in names)
    yield from is_count(said, case.count(said), true[case.sentence.column])


def said_of_all(case: Case, said: Said) -> Iterator[str]:
    """Verify a day or a count at a page's foot or top: the day of the report, or its files."""
    if said.key == "{day} {month} {year}":
        if case.day(said) != case.truth.as_of:
            yield f"{said.text}: it is {case.truth.as_of}"
        return
    labels = {one.key for one in case.grammar.readings(case.sentence.above)}
    rows = sources(case)
    for label, column in _INTAKE.items():
        if label in labels:
            number = int(rows[column].sum()) if column else len(rows)
            yield from is_count(said, case.count(said), number)
            return
    raise UnreadError(f"{said.text!r}: nothing is known of {sorted(labels)}")


_INTAKE = {
    "Files": "",
    "Rows read": "rows_read",
    "Accepted": "rows_kept",
    "Not accepted": "rows_quarantined",
    "Ignored": "rows_skipped",
}


@claim("{n} report")
def reports(case: Case, said: Said) -> Iterator[str]:
    """Verify that there is one for each subject, in each language."""
    truth = case.truth
    subjects = [*truth.sectors, *truth.regions, *truth.definition("programmes.toml")]
    subjects += truth.definition("challenges.toml")
    # The nation's own is that of its region; then there are three of the whole.
    if case.count(said) % (len(subjects) + 3):
        yield f"{said.text}: {len(subjects) + 3} in each language"


BARE |= {
    "count": status_count,
    "p.value": headline,
    "p.subtitle": subtitle_period,
    "dd": said_of_all,
    "title": said_of_all,
}
