"""Find what is said once for a whole table: its indicator, region, period, day and unit."""

from delivery_analytics.describing import outside
from delivery_analytics.describing.draft import Option, nearest
from delivery_analytics.describing.kinds import ROLE_NAMES, lexicon
from delivery_analytics.describing.maker import Maker
from delivery_analytics.model.schema import TABLES
from delivery_analytics.parsing.matching import fold
from delivery_analytics.parsing.parse import shortened
from delivery_analytics.spreadsheets.addresses import letters

_OFFERED = 4  # indicators, or regions, in one question


def complete(maker: Maker) -> None:
    """Write what stands beside the table, and ask what does not stand anywhere."""
    needs = TABLES[maker.tidy].needs
    if maker.tidy == "spending":
        if not maker.has("indicator"):
            maker.ask("indicator", {}, of="line")
    elif "indicator" in needs:
        _indicator(maker)
    if maker.tidy == "spending" or maker.has("cost"):
        _currency(maker)
    if "value" in needs:
        _units(maker)
    if "period" in needs or maker.tidy == "targets":
        _region(maker)
    if "period" in needs:
        _period(maker)
        _cumulative(maker)
    for name, words in ROLE_NAMES["coded"].items():
        if name in needs and not maker.has(name):
            maker.ask(name, {word: word for word in words}, of="coded", called=name)
    _reported_on(maker)


def _indicator(maker: Maker) -> None:
    if maker.has("indicator") or maker.section("indicator", ("indicator",)):
        return
    table, known = maker.table, {one.id: one for one in maker.sector.indicators}
    labels = [table.label(column) for column in table.figures if column in table.headings]
    said = [*maker.said, *labels]
    if maker.by_file_name("indicator"):
        return
    exact = outside.named_by(maker.kinds, "indicator", said)
    if len(exact) == 1:
        [(key, text)] = exact.items()
        maker.constant("indicator", key, f"'{shortened(text, 80)}' is its name")
        return
    among = [known[key] for key in exact] or nearest(known.values(), said)
    options = {one.id: f"{one.name['en']} ({one.unit})" for one in among[:_OFFERED]}
    maker.ask("indicator", options, title=shortened(said[0], 80))


def _currency(maker: Maker) -> None:
    """Ask for the currency as it stands there; its word for thousands is read with it."""
    if not maker.has("unit"):
        said = {text: f"'{text}' stands there" for text in maker.currencies()}
        maker.ask("unit", said)


def _region(maker: Maker) -> None:
    nation = maker.registry.country_id
    if maker.has("region") or maker.section("region", ("region",)):
        return
    named = outside.names_in(maker.kinds, "region", maker.table, maker.book.file)
    if [*named] == [nation]:
        why = f"'{shortened(named[nation], 60)}' names the nation, and nothing a region"
        maker.constant("region", nation, why)
        return
    options = {key: f"as '{shortened(text, 60)}' says" for key, text in named.items()}
    options = dict([*({nation: "the whole country"} | options).items()][:_OFFERED])
    maker.ask("region", options)


def _period(maker: Maker) -> None:
    if maker.has("period") or maker.has("part") or maker.section("period", ("year", "period")):
        return
    beside = outside.periods_said(maker.kinds, maker.said, maker.book.file)
    maker.ask("period", dict.fromkeys(beside, "it stands beside the table"))


def _reported_on(maker: Maker) -> None:
    """Write the day of report that a text says, or ask; never the file's own date."""
    if maker.has("reported_on"):
        return
    days = outside.days(maker.table, maker.book.file, maker.field("reported_on"))
    days = [one for one in days if not one.changes.keys() & {"file_name"} & maker.body.keys()]
    said = [one for one in days if one.is_of_report]
    if len({one.value for one in said}) == 1:
        [(key, value)] = said[0].changes.items()
        maker.write(key, value, f"the day of report stands at {said[0].where}: {said[0].value}")
        return
    options = dict[str, Option]()
    for one in reversed(days):
        name = str(one.value)
        options[name] = Option(name, f"it stands at {one.where}", one.changes)
    for column in maker.roles.free():
        if maker.table.evidence[column].share("day") >= 0.9:
            label, told = maker.roles.heading(column), f"the days of column {letters(column)}"
            changes = {"columns": {maker.field("reported_on"): [label]}}
            options[label] = Option(label, told, changes)
    maker.ask("reported_on", [*options.values()])


def _units(maker: Maker) -> None:
    """Ask for the scale where a word for thousands, or another unit, stands beside."""
    asked = {one.id for one in maker.questions} - maker.roles.known.keys()
    if maker.has("unit") or "column-value" in asked:
        return
    said = outside.units_said(maker.kinds, [*maker.said, *maker.labels])
    indicator = maker.body.get("constants", {}).get("indicator", "")
    known = {one.id: one.unit for one in maker.sector.indicators}
    unit = maker.registry.units.get(known.get(indicator, ""))
    unit_id = unit.id if unit else ""
    own = [one for one in said if one.unit == unit_id and one.factor == 1]
    if unit and own:
        why = f"'{own[0].text}' is the indicator's unit"
        maker.why.setdefault("constants", []).append(why)
    others = [one for one in said if one.factor != 1 or (unit and one.unit != unit_id)]
    # A word that is no more than a part of another's text, as "units" of a title, is none.
    if not others or (own and all(one.factor == 1 for one in others)):
        return
    factors = sorted({1.0, *(one.factor for one in others)})
    shown = ", ".join(f"'{one.text}'" for one in others[:3])
    told = {factor: f"one is {factor:g} {unit_id or 'of the unit'}" for factor in factors}
    changes = {factor: {"scale": factor} if factor != 1 else {} for factor in factors}
    options = [Option(f"{one:g}", told[one], changes[one]) for one in factors]
    agreed = f"the indicator is in '{unit_id}'" if unit else "each indicator has its unit"
    maker.ask("scale", options, shown=shown, agreed=agreed)


def _cumulative(maker: Maker) -> None:
    if said := maker.roles.said.get("cumulative", ""):
        maker.write("cumulative", fold(said) in lexicon()["says"]["yes"], "answered")
    elif text := outside.says("cumulative", [*maker.said, *maker.labels]):
        maker.write("cumulative", True, f"'{shortened(text, 80)}' says so")
