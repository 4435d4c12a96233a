"""Add what nobody sent to a dataset: derived indicators, and figures of the whole.

What is known changes only on days when something is learned, so each figure is worked out
for every such day, and has a revision on those on which a figure behind it was learned.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from graphlib import TopologicalSorter
from typing import Any

import pandas as pd

from delivery_analytics.deriving.facts import (
    FACT,
    MadeRows,
    beside_sent,
    disagreements,
    each_day,
    figure_named,
)
from delivery_analytics.deriving.upward import WholeRule, make_whole, wholes
from delivery_analytics.deriving.working_out import work_out
from delivery_analytics.errors import Problem
from delivery_analytics.model import periods, schema
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.formulas import (
    Figures,
    Formula,
    check_formula,
    read_formula,
    references,
)
from delivery_analytics.model.registry import Indicator, Region, Registry
from delivery_analytics.model.registry_checks import base_of, made_of

# Problems that tell of figures that were made, or could not be.
NO_VALUE, IMPLAUSIBLE = "derived.no-value", "derived.implausible"
DISAGREES, PARTIAL = "derived.disagrees", "coverage.partial"
TOLD_OF_MADE = (NO_VALUE, IMPLAUSIBLE, DISAGREES, PARTIAL)
_NAMED = 3  # figures of one problem, before the rest are counted
_CELLS = {"actual": "source_cell", "plan": "plan_cell", "commitment": "source_cell"}
_BEHIND = list(schema.TABLES["parents"].key)
_LINE = ["line_id", "sector_id", "programme_id", "unit", "cumulative"]


def with_derived(data: Dataset) -> tuple[Dataset, list[tuple[str, str, Problem]]]:
    """Return a dataset with the figures that its definitions make.

    Parameters
    ----------
    data
        What was sent, with every revision.

    Returns
    -------
    list of (str, str, Problem)
        What is told of these figures: of which file, of which sector, and what.
    """
    known = data.registry.indicators
    makers = [one for one in known.values() if one.formula or one.over_regions != "none"]
    order = TopologicalSorter({one.id: made_of(one, known) for one in makers})
    maker = _Maker(data, needed := [*order.static_order()])
    for key in needed:
        maker.add_figures(known[key])
        maker.add_targets(known[key])
    maker.add_spending()
    return replace(data, tables=maker.tables()), maker.told


def derive(data: Dataset, formula: str, *, frequency: str | None = None) -> pd.DataFrame:
    """Return what a formula makes of the figures of a dataset, without any definition.

    Parameters
    ----------
    formula
        As in a definition, indicators by ``sector.indicator``:
        ``"100 * health.births_attended / health.births"``.
    frequency
        Of what is made; otherwise that of the indicator that is reported most often.

    Returns
    -------
    DataFrame
        ``region_id, breakdown, period, period_end, reported_on, value, obs_status`` and
        ``source``, the cells behind each figure; every revision that `data` knows.

    Raises
    ------
    DefinitionError
        Of a formula that cannot be read, names no indicator there is, or adds what does not
        add up.
    """
    whole, tree = data.whole or data, read_formula(formula)
    known = whole.registry.indicators
    often = [known[key].frequency for key in references(tree) if key in known] or ["annual"]
    frequency = frequency or min(often, key=lambda one: periods.MONTHS_IN[one])
    check_formula(tree, known, whole.registry.units, frequency=frequency)
    made = _of_formula(tree, whole.observations, frequency, whole.registry)
    named = {"table": "observations", "indicator_id": formula}
    parents = pd.concat([whole.parents, made.parents.assign(**named)])
    rows = schema.conform("observations", made.rows.assign(indicator_id=formula))
    traced = replace(whole, tables={**whole.tables, "parents": parents})
    rows = rows.assign(source=traced.place(rows))[rows["region_id"].isin(data.registry.regions)]
    asked = [*FACT, "period_end", "reported_on", "value", "obs_status", "source"]
    return rows[asked].reset_index(drop=True)


def _of_formula(
    tree: Formula, rows: pd.DataFrame, frequency: str, registry: Registry
) -> MadeRows:
    """Return what a formula makes, a revision for each day a figure behind it was learned."""
    rows = rows[rows["indicator_id"].isin(references(tree))]
    known = registry.indicators
    return each_day(rows, lambda facts: work_out(tree, facts, known, frequency))[0]


@dataclass(frozen=True)
class _Subject:
    """What figures of one table are of, and how its parts make a whole.

    Attributes
    ----------
    carried
        What each row of it has besides.
    """

    table: str
    key: str
    sector_id: str
    rule: WholeRule
    carried: dict[str, Any] = field(default_factory=dict)


class _Maker:
    """The tables as they grow: what was sent, and what was made of it so far."""

    def __init__(self, data: Dataset, needed: Sequence[str]) -> None:
        self.data, self.registry = data, data.registry
        rows = data.observations[data.observations["indicator_id"].isin(needed)]
        self.told: list[tuple[str, str, Problem]] = []
        self._made: list[tuple[_Subject, MadeRows]] = []
        self._figures = dict(iter(rows.groupby("indicator_id", sort=False)))
        self._targets = dict(iter(data.targets.groupby("indicator_id", sort=False)))
        self._files = dict(zip(data.sources["source_id"], data.sources["path"], strict=True))

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables with what was made; of two rows with one key the sent one stays."""
        tables, parents = dict(self.data.tables), [schema.empty("parents")]
        for of, made in self._made:
            named = {"table": of.table, "indicator_id": of.key}
            behind = made.parents.assign(**named)
            if of.table == "spending":  # one row of a return has all amounts of a line
                behind = behind.assign(breakdown="").drop_duplicates(_BEHIND)
            parents.append(behind)
            rows = made.rows.assign(indicator_id=of.key, **of.carried)
            if of.table == "targets":
                kind = rows["period"].str.partition(" ")[2]
                days = {"due_on": rows["period_end"], "set_on": rows["reported_on"]}
                rows = rows.assign(kind=kind, **days)
            elif of.table == "spending":
                index = ["region_id", "period", "period_end", "reported_on", *of.carried]
                rows = rows.set_index([*index, "breakdown"])["value"].unstack()  # noqa: PD010
                rows = rows.reset_index()
            both = pd.concat([tables[of.table], rows])
            both = both.drop_duplicates(list(schema.TABLES[of.table].key))
            tables[of.table] = both
        for name in {of.table for of, _ in self._made}:
            tables[name] = schema.conform(name, tables[name])
        return {**tables, "parents": schema.conform("parents", pd.concat(parents))}

    def add_figures(self, one: Indicator) -> None:
        """Add the figures that an indicator's formula makes, then those of the wholes."""
        of = _Subject("observations", one.id, one.sector_id, self._rule(one))
        rows = self._known(one.id)
        if one.formula:
            tree = read_formula(one.formula, one.sector_id)
            parts = pd.concat([self._known(key) for key in references(tree)])
            made = _of_formula(tree, parts, one.frequency, self.registry)
            what = "it would be divided by 0, and has no value"
            self._tell(of, NO_VALUE, _listed(made.rows[made.rows["nought"]], what))
            rows = self._beside(of, made, rows)
        self._figures[one.id] = self._with_wholes(of, rows)

    def _known(self, key: str) -> pd.DataFrame:
        """Return the figures of an indicator, each revision in its order."""
        return self._figures.get(key, schema.empty("observations"))

    def _rule(self, one: Indicator) -> WholeRule:
        weight = base_of(one, self.registry.indicators, "weight") if one.weight else None
        return WholeRule(one.over_regions, one.coverage_at_least, weight.id if weight else "")

    def add_targets(self, one: Indicator) -> None:
        """Add the targets of longer periods and of wholes that promised nothing themselves."""
        rows = self._targets.get(one.id, schema.empty("targets"))
        rows = rows.assign(period=_due(rows["due_on"], rows["kind"]), period_end=rows["due_on"])
        rows = rows.assign(reported_on=rows["set_on"], obs_status="normal")
        parts, each = self._parts_in_time(one)
        invented = bool(pd.concat([rows, parts])["illustrative"].eq(True).any())
        carried = {"illustrative": invented}
        of = _Subject("targets", one.id, one.sector_id, self._rule(one), carried)
        for kind, own in parts.groupby("kind"):
            spans = [periods.containing(day.date(), each) for day in own["due_on"]]
            own = own.assign(period=pd.Series(spans, own.index, dtype="str"))
            own = own[periods.ends(own["period"]) == own["due_on"]]
            tree = read_formula(one.formula, one.sector_id)
            made = MadeRows(
                *(
                    part.assign(
                        **{
                            name: _due(periods.ends(part[name]), kind)
                            for name in ("period", "parent_period")
                            if name in part
                        }
                    )
                    for part in _of_formula(tree, own, one.frequency, self.registry)
                )
            )
            rows = self._beside(of, made, rows)
        rows = self._with_wholes(of, rows)
        kinds = rows["period"].str.split(" ").str[1]
        self._targets[one.id] = rows.assign(
            kind=kinds, due_on=rows["period_end"], set_on=rows["reported_on"]
        )

    def _parts_in_time(self, one: Indicator) -> tuple[pd.DataFrame, str]:
        """Return the targets that make an indicator's by ``over_time``, and how often they are.

        They are those of another one that is all its formula says.
        """
        tree = read_formula(one.formula, one.sector_id) if one.formula else None
        if isinstance(tree, Figures):
            finer = self.registry.indicators[tree.indicator_id]
            months = periods.MONTHS_IN
            if finer.id in self._targets and months[finer.frequency] < months[one.frequency]:
                return self._targets[finer.id], finer.frequency
        return schema.empty("targets"), one.frequency

    def add_spending(self) -> None:
        """Add the nation's budget lines of sectors that say that regions make them."""
        summed = {s.id for s in self.registry.sectors.values() if s.over_regions == "sum"}
        spending = self.data.spending
        spending = spending[spending["sector_id"].isin(summed)]
        for same, rows in spending.groupby(_LINE):
            carried = dict(zip(_LINE, same, strict=True))
            of = _Subject("spending", str(same[0]), str(same[1]), WholeRule("sum"), carried)
            named = (rows.assign(breakdown=name, value=rows[name]) for name in _CELLS)
            each = zip(named, _CELLS.values(), strict=True)
            amounts = [amount.assign(source_cell=rows[cell]) for amount, cell in each]
            self._with_wholes(of, pd.concat(amounts).assign(obs_status="normal"))

    def _with_wholes(self, of: _Subject, rows: pd.DataFrame) -> pd.DataFrame:
        """Return figures with those of every place that others make; tell who is missing."""
        if of.rule.over_regions == "none":
            return rows
        for place, parts in wholes(self.registry):
            rows = self._with_whole(of, rows, place, parts)
        return rows

    def _with_whole(
        self, of: _Subject, rows: pd.DataFrame, place: str, parts: list[Region]
    ) -> pd.DataFrame:
        own = rows[rows["region_id"].isin([part.id for part in parts])]
        if place != self.registry.country_id:  # hospitals report, not the schools beside them
            kinds = {self.registry.regions[one].kind for one in own["region_id"].unique()}
            parts = [part for part in parts if part.kind in kinds]
        known = pd.concat([own.assign(indicator_id=of.key), self._known(of.rule.weight)])
        make = partial(make_whole, key=of.key, rule=of.rule, place=place, parts=parts)
        made, facts = each_day(known, lambda facts: make(facts)[0])
        sent = rows[rows["region_id"] == place]
        answered = {*zip(sent["breakdown"], sent["period"], strict=True)}
        lacks = {span: said for span, said in make(facts)[1].items() if span not in answered}
        for was_made, what in ((False, "no figure"), (True, "an estimate")):
            each = sorted((*s, said) for s, (one, said) in lacks.items() if one == was_made)
            named = [(f"{end} ({part})" if part else end, said) for part, end, said in each]
            told = [f"{period}: {said}" for period, said in named[::-1]]
            listed = _counted(told[:_NAMED], len(told), "more periods")
            text = f"{what} of {place} was made of its parts. {listed}" if told else ""
            self._tell(of, PARTIAL, text)
        return self._beside(of, made, rows, summed=of.rule.over_regions == "sum")

    def _beside(
        self, of: _Subject, made: MadeRows, rows: pd.DataFrame, *, summed: bool = False
    ) -> pd.DataFrame:
        """Return figures with those that were made and can be; tell what cannot."""
        if of.table == "observations":
            low, high = self.registry.indicators[of.key].plausible
            value = made.rows["value"]
            wrong = value.lt(-math.inf if low is None else low)
            wrong |= value.gt(math.inf if high is None else high)
            what = "it is outside of what is plausible, and was left out"
            self._tell(of, IMPLAUSIBLE, _listed(made.rows[wrong], what))
            made = made.kept(~wrong)
        kept, both = beside_sent(made, rows)
        for row, told in disagreements(both[both["source_id"] != ""], summed=summed):
            self._tell(of, DISAGREES, told, row)
        if not len(kept.rows):
            return rows
        self._made.append((of, kept))
        ours = kept.rows.assign(indicator_id=of.key, source_id="", source_cell="")
        return pd.concat([rows, ours]).sort_values([*FACT, "reported_on"], kind="stable")

    def _tell(self, of: _Subject, code: str, told: str, row: pd.Series | None = None) -> None:
        """Tell of a subject: at a cell, or else at its definition."""
        path, place = f"data/definitions/sectors/{of.sector_id}.toml", ("", "", "")
        if row is not None and row["source_id"] in self._files:
            path, place = self._files[row["source_id"]], row["source_cell"].rpartition("!")
        if told:
            where = path.rpartition("/")[2], place[0], place[2]
            problem = Problem(code, told, *where, of.key, "warning")
            self.told.append((path, of.sector_id, problem))


def _due(days: pd.Series, kind: object) -> pd.Series:
    """Return what tells targets of one series apart: the day that each is due, and its kind."""
    due: pd.Series = days.dt.strftime("%Y-%m-%d ").astype("str") + kind
    return due


def _listed(rows: pd.DataFrame, what: str) -> str:
    """Say of figures what is true of each: the last few by name, the rest by number."""
    rows = rows.drop_duplicates(FACT, keep="last")
    told = [figure_named(row) for _, row in rows.tail(_NAMED).iterrows()]
    return f"{what}: {_counted(told, len(rows), 'more')}" if told else ""


def _counted(told: Sequence[str], count: int, more: str) -> str:
    """Return what is told, and how many there are besides."""
    rest = [f"{count - len(told)} {more}"] if count > len(told) else []
    return "; ".join([*told, *rest])
