"""Read the fields of records into the tidy tables: one function a table."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from delivery_analytics.errors import Problem
from delivery_analytics.loading import checks, recompute, tables_delivery
from delivery_analytics.loading.as_declared import missing_words
from delivery_analytics.loading.columns import Columns, period_ends
from delivery_analytics.loading.context import Context, Field
from delivery_analytics.loading.fields import FieldReader, Tables
from delivery_analytics.loading.form_rows import is_total_word, total_words
from delivery_analytics.loading.records import Records
from delivery_analytics.loading.remarks import as_problems, broken_cells, damage, refused
from delivery_analytics.loading.units import agreed as agreed_units
from delivery_analytics.loading.units import currencies, other_currency
from delivery_analytics.model.secrecy import is_open
from delivery_analytics.parsing.parse import clean, is_missing
from delivery_analytics.parsing.vocabulary import VOCABULARY


@dataclass(frozen=True)
class TablesRead:
    """What became of a sheet's records: their tables, and those set aside, each with why."""

    tables: dict[str, Columns]
    refused: frozenset[int]
    problems: list[Problem]


def read_tables(
    records: Records, context: Context, restricted: Container[int] = ()
) -> TablesRead:
    """Return the tables that the sheet's records make, those set aside left out.

    Parameters
    ----------
    restricted
        The sheet's rows whose texts no reader may see.
    """
    if not len(records):
        return TablesRead({}, frozenset(), [])
    damaged = damage(records)
    checked = context.sheet.recompute
    broken = list(broken_cells(records, [n for n in records.fields if n not in checked]))
    told_already = damaged.records | refused(broken)
    made = TABLES[context.sheet.table](FieldReader(records, context, told_already))
    wrong = told_already | refused(made.remarks)
    problems = [
        *damaged.problems,
        *as_problems(records, broken, damaged.records),
        *recompute.percentages(records, context.sheet),
        *as_problems(records, made.remarks, damaged.records),
    ]
    sent = records.field("secrecy").values
    opened = {mark for mark in set(sent) if is_open(clean(mark))}
    marked = zip(records.rows, sent, strict=True)
    flags = [row in restricted or mark not in opened for row, mark in marked]
    tables = {
        name: replace(columns, held={**columns.held, "restricted": flags})
        for name, columns in made.columns.items()
    }
    return TablesRead(_without(wrong, tables), wrong, problems)


def _without(wrong: frozenset[int], tables: dict[str, Columns]) -> dict[str, Columns]:
    """Return the rows of records that are not `wrong`; of targets, those that are given."""
    good = {}
    for name, columns in tables.items():
        rows = [index for index in range(len(columns)) if index not in wrong]
        if name == "targets" and "observations" in tables:
            blank = np.isnan(columns["value"])  # a target beside a figure may be left out
            rows = [index for index in rows if not blank[index]]
        good[name] = columns.take(rows)
    return good


def observations(read: FieldReader) -> Tables:
    """Return ``observations``, and ``targets`` where a column holds the period's target."""
    indicator = read.keys("indicator")
    known = read.context.agreed(indicator)
    percent = read.context.in_percent(known)
    region, reported = read.regions(), read.days("reported_on", required=True)
    mixed = read.context.sheet.mixed_periods
    period = read.periods([i.frequency if i and not mixed else "" for i in known])
    units = agreed_units(read, known)
    value = read.numbers("value", percent, factors=units.factors)
    columns = {
        "indicator_id": indicator,
        "region_id": region,
        "breakdown": _breakdown(read),
        "reported_on": reported,
        "period": period,
        "period_end": period_ends(period.values),
        "value": value,
        "obs_status": _statuses(value, period, region, indicator),
        "key_cell": read.records.cells("indicator"),
    }
    agreed = chain(
        units.remarks,
        checks.sector(read),
        checks.future(period, reported),
        checks.plausible(known, value),
        other_currency(read, ["value", "target"], read.context.units_of(known)),
    )
    figures = read.table("observations", "value", columns, checks=agreed)
    if not read.has("target"):
        mixed_styles = checks.percent_mixed(read, {"value": value}, percent)
        return replace(figures, remarks=[*figures.remarks, *mixed_styles])
    target = read.numbers("target", percent, factors=units.factors)
    interim = _interim(read, figures.columns["observations"], target)
    scale = checks.scale(value.values, target.values, percent)
    styles = checks.percent_mixed(read, {"value": value, "target": target}, percent)
    remarks = [*figures.remarks, *interim.remarks, *scale, *styles]
    return Tables(figures.columns | interim.columns, remarks)


def _breakdown(read: FieldReader) -> Field:
    """Return the part of the whole that each record is of; a total's word is the whole."""
    parts, total = read.texts("breakdown"), total_words(read.context.sheet.totals)
    named = ["" if text and is_total_word(text, total) else text for text in parts.values]
    return replace(parts, values=named)


def _statuses(value: Field, *labels: Field) -> Sequence[str]:
    """Return each figure's status; where it has none of its own, that of its labels."""
    status = value.status
    for label in labels:
        if not set(label.status) <= {"normal"}:
            pairs = zip(status, label.status, strict=True)
            status = [given if own == "normal" else own for own, given in pairs]
    return status


def _interim(read: FieldReader, observed: Columns, target: Field) -> Tables:
    """Return the targets beside the figures; a blank one is none, and sets nothing aside."""
    columns = {
        "indicator_id": observed["indicator_id"],
        "region_id": observed["region_id"],
        "breakdown": observed["breakdown"],
        "due_on": observed["period_end"],
        "set_on": observed["reported_on"],
        "kind": "interim",
        "value": target,
        "illustrative": False,
        "beside": True,
    }
    return read.table("targets", "target", columns)


def targets(read: FieldReader) -> Tables:
    """Return ``targets``: a baseline, an interim or a final value and the day it is due."""
    indicator = read.keys("indicator")
    known = read.context.agreed(indicator)
    units, percent = agreed_units(read, known), read.context.in_percent(known)
    value = read.numbers("value", percent, required=True, factors=units.factors)
    columns = {
        "indicator_id": indicator,
        "value": value,
        "region_id": read.regions(),
        "breakdown": _breakdown(read),
        "due_on": read.days("due_on", required=True),
        "set_on": read.days("set_on", required=True),
        "kind": read.coded("kind", VOCABULARY["target_kinds"]),
    }
    mixed = checks.percent_mixed(read, {"value": value}, percent)
    foreign = other_currency(read, ["value"], read.context.units_of(known))
    return read.table("targets", "value", columns, checks=[*units.remarks, *mixed, *foreign])


def spending(read: FieldReader) -> Tables:
    """Return ``spending``, in whole currency units."""
    unit, units = currencies(read, required=True)
    figures = ("plan", "actual", "commitment")
    money = {name: read.numbers(name, factors=units.factors) for name in figures}
    line, period = _lines(read), read.periods()
    columns = {
        **money,
        "line_id": line,
        "period": period,
        "period_end": period_ends(period.values),
        "region_id": read.regions(),
        "reported_on": read.days("reported_on", required=True),
        "programme_id": read.optional_names("programme"),
        "unit": unit,
        "cumulative": read.context.sheet.cumulative,
        "plan_cell": read.records.cells("plan"),
    }
    own = other_currency(read, figures, unit.values)
    source = "actual" if read.has("actual") else "plan"
    return read.table("spending", source, columns, checks=own)


def _lines(read: FieldReader) -> Field:
    """Return ``sector.line``, or ``sector.budget.line`` where budgets share their lines."""
    named, budgets = read.texts("line", required=True), read.parts_of_key("budget")
    sector = read.context.sector_id
    lines = [
        None if not line or budget is None else ".".join(filter(None, [sector, budget, line]))
        for line, budget in zip(named.values, budgets.values, strict=True)
    ]
    return Field(lines, [*named.remarks, *budgets.remarks])


def judgements(read: FieldReader) -> Tables:
    """Return ``judgements``."""
    ratings, none = read.texts("rating"), missing_words(read.context.sheet)
    given = ["" if is_missing(text or "", none) else text for text in ratings.values]
    columns = {
        "rating": replace(ratings, values=given),
        "subject_id": read.texts("subject", required=True),
        "as_of": read.days("reported_on", required=True),
        "assessor": read.texts("assessor", required=True),
        "dimension": read.texts("dimension", required=True),
        **{name: read.texts(name) for name in ("reason", "moderated_rating", "moderator")},
    }
    return read.table("judgements", "rating", columns)


TABLES: dict[str, Callable[[FieldReader], Tables]] = {
    function.__name__: function
    for function in (
        *(observations, targets, spending, judgements),
        *(tables_delivery.milestones, tables_delivery.instructions, tables_delivery.actions),
        *(tables_delivery.obstacles, tables_delivery.challenges),
    )
}
