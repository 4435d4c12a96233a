"""Tell registers from tables of figures: milestones, instructions, actions, ratings."""

from collections.abc import Sequence

from delivery_analytics.describing.draft import LEAVE, Option, Question
from delivery_analytics.describing.kinds import ROLE_NAMES, lexicon
from delivery_analytics.describing.roles import Across, Roles
from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.schema import TABLES
from delivery_analytics.parsing.matching import fold
from delivery_analytics.parsing.parse import clean

KEYS, _AS = ROLE_NAMES["keys"], ROLE_NAMES["headed_as"]
_SHARED = frozenset(["reported_on", "region", "indicator", "unit", "illustrative", "programme"])
_NAMING = {"key", "title", "text", "indicator", "line"}  # what a key's heading may say
_DAY = 0.3  # of a column of days, words for none and for "not yet" aside
_NAMED = 0.98  # of the rows, by a key
_LONG = 60  # characters of a name
_RATED = 0.5  # of a column's cells, by words of a scale
_FEWEST = 2  # columns of a register's own fields


def register_of(roles: Roles) -> str:
    """Return the register that the headings and the texts beside say a table is.

    ``?`` where they say only that it is one, "" for a table of figures.
    """
    if roles.across or {"value", "kind", "period"} & roles.taken.keys():
        return ""
    if answer := roles.known.get("table", ""):
        return answer if answer in KEYS else "?"
    fits = {name: _matched(roles, name) for name in KEYS}
    best = max(map(len, fits.values()))
    days = [c for c, held in roles.table.evidence.items() if held.kinds["day"]]
    if best < _FEWEST or (not days and not rated_columns(roles)):
        return ""
    beside = [*map(roles.table.label, roles.table.headings), roles.table.grid.sheet]
    beside += roles.table.texts_outside()
    words = {word for text in beside if len(text) <= _LONG for word in fold(text).split()}
    named = [name for name in fits if words & lexicon()["registers"][name]]
    own = {name: {f for f in fits[name] if f.endswith("_on")} for name in fits}
    if rated_columns(roles) and not any(own[name] for name in named or fits):
        return "judgements"
    likely = [name for name in named or fits if len(fits[name]) >= best - bool(named)]
    return likely[0] if len(likely) == 1 else "?"


def table_question(roles: Roles) -> Question:
    """Ask which register a table is."""
    options = [Option(name, TABLES[name].one_row_per, {"table": name}) for name in KEYS]
    rows = len(roles.table.rows)
    return Question("table", "what is a row of this table?", (*options, LEAVE), rows)


def _matched(roles: Roles, name: str) -> dict[str, list[int]]:
    """Return each field of a register with the columns whose headings speak for it."""
    table = TABLES[name]
    own = [one for one in (*table.needs, *table.may) if one not in {*_SHARED, KEYS[name]}]
    matched: dict[str, list[int]] = {}
    for column, held in roles.table.evidence.items():
        said = roles.fields(column) if column in roles.table.headings else frozenset()
        for field in own if "key" not in said else ():
            is_said = {field, _AS.get(field)} & said and _AS.get(field) not in own
            if is_said and field.endswith("_on") == (held.share("day") >= _DAY):
                matched.setdefault(field, []).append(column)
    return matched


def rated_columns(roles: Roles) -> list[int]:
    """Return the columns whose words are those of a scale, such as green, amber, red."""
    scale = lexicon()["says"]["scale"]
    found = []
    for column, held in roles.table.evidence.items():
        rated = [v for v in held.values if fold(clean(v)).partition("/")[0] in scale]
        count = sum(held.values[value] for value in rated)
        if count > 1 and count >= _RATED * (held.filled - held.kinds["none"]):
            found.append(column)
    return found


def take_register(roles: Roles, name: str) -> None:
    """Give the fields of a register their columns, and name every column that has none."""
    rated = rated_columns(roles) if name == "judgements" else []
    if len(rated) == 1:
        roles.give("rating", rated[0], "its words are a scale's")
    elif rated:
        _assessors(roles, rated)
    for field, columns in _matched(roles, name).items():
        columns = [column for column in columns if column in roles.free()]
        columns = [column for column in columns if _is_short(roles, column)] or columns
        if field not in roles.taken:
            roles.settle(field, columns, "by its heading")
    roles.take("reported_on", ("day",), words_needed=True)
    for other in ("indicator", "region"):
        known = other in {*TABLES[name].needs, *TABLES[name].may}
        if known and any(roles.table.evidence[column].kinds[other] for column in roles.free()):
            roles.take(other, (other,))
    keys = [c for c in roles.free() if _is_key(roles, c)]
    keys = [c for c in keys if "key" in roles.fields(c)] or keys
    keys = [c for c in keys if not any(" " in clean(v) for v in roles.table.cells(c))] or keys
    for called in ("title", "text"):
        if not keys and called in roles.taken and _is_key(roles, roles.taken[called]):
            keys = [roles.taken.pop(called)]
    roles.settle(KEYS[name], keys, "another in each row")


def _assessors(roles: Roles, columns: Sequence[int]) -> None:
    """Give each column of ratings its assessor: the names answered, or the first words."""
    first = ", ".join(roles.table.label(column).split()[0] for column in columns)
    answer = roles.known.get("assessor", "")
    names = [text.strip() for text in (first if answer in ("", "1") else answer).split(",")]
    if len(names) != len(columns):
        raise DefinitionError(f"'{answer}' names {len(names)} assessors of {len(columns)}")
    pairs = zip(columns, names, strict=True)
    roles.across = [Across(column, {"assessor": called}, ()) for column, called in pairs]
    if not answer:
        shown = ", ".join(map(roles.named, columns))
        options = (Option(first, "as the headings begin", {}),)
        rows = len(columns) * len(roles.table.rows)
        text = f"{shown} are ratings. Whose?"
        roles.questions.append(Question("assessor", text, options, rows, "names, with commas"))


def _is_short(roles: Roles, column: int) -> bool:
    texts = [clean(value) for value in roles.table.evidence[column].values]
    return sum(map(len, texts)) <= _LONG * max(1, len(texts))


def _is_key(roles: Roles, column: int) -> bool:
    held = roles.table.evidence[column]
    is_name = not (held.kinds["day"] or held.kinds["none"] or roles.fields(column) - _NAMING)
    is_name = is_name and not any(isinstance(value, float) for value in held.values)
    is_each = len(held.values) >= _NAMED * len(roles.table.rows)
    return is_name and is_each and _is_short(roles, column)
