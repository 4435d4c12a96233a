"""What every chart needs: its entry as a chart, clean text, footnotes, and the empty answer."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import wraps
from typing import Any, Literal, ParamSpec

import altair as alt
import numpy as np
import pandas as pd

from delivery_analytics.model import periods
from delivery_analytics.model.asking import explained
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import Registry, Unit
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Column, Figure, NativeChart, Series
from delivery_analytics.report.printable import printable
from delivery_analytics.report.tables import columns_of
from delivery_analytics.wording.codes import TABLES
from delivery_analytics.wording.wording import Wording

LABEL_WIDTH = 34  # characters of a row's label before it wraps
FILES_NAMED = 3  # in a footnote; the table names the place of every figure

_BLANK = re.compile("[ \t\n\r]+")  # and not the no-break space within a number
_INVISIBLE = "\u200b"

P = ParamSpec("P")


@dataclass(frozen=True)
class Chart:
    """A chart of the table `charts.CHARTS`.

    Attributes
    ----------
    draw
        The function: the data, an id for each of `subject`, the words; the rest by keyword.
    subject
        What it is about: ``indicator_id``, ``challenge_id``, or nothing.
    takes
        Keywords it can be told beside: ``region_id``, ``history``.
    """

    draw: Callable[..., Figure]
    subject: tuple[str, ...]
    takes: tuple[str, ...]


registered: dict[str, Chart] = {}


def chart(
    *subject: str, takes: tuple[str, ...] = ()
) -> Callable[[Callable[P, Figure]], Callable[P, Figure]]:
    """Enter a function of the signature ``(data, subject…, words, *, …)`` as a chart.

    Parameters
    ----------
    subject, takes
        See `Chart`.
    """

    def enter(function: Callable[P, Figure]) -> Callable[P, Figure]:
        @wraps(function)
        def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
            about = kwargs.get(subject[0], *args[1:2]) if subject else ""
            figure = function(*args, **kwargs)
            return replace(figure, name=function.__name__, about=str(about or ""))

        told: Callable[P, Figure] = explained(drawn)
        registered[function.__name__] = Chart(told, subject, takes)
        return told

    return enter


def drawn_text(text: object) -> str:
    """Return `text` on one line, each character that must not be shown as U+FFFD."""
    return printable(_BLANK.sub(" ", str(text)).strip())


def wrapped(
    text: object, *, width: int = LABEL_WIDTH, lines: int = 2, hyphens: bool = False
) -> str:
    """Return `text` broken into at most `lines` lines of `width`; an ellipsis ends a cut.

    With `hyphens` a line may end after one.
    """
    return textwrap.fill(
        drawn_text(text), width, max_lines=lines, placeholder=" …", break_on_hyphens=hyphens
    )


def row_labels(
    texts: Iterable[object], *, width: int = LABEL_WIDTH, lines: int = 2
) -> list[str]:
    """Return wrapped labels that differ, so that two rows of one name stay two rows."""
    seen: dict[str, int] = {}
    labels = []
    for text in texts:
        label = wrapped(text, width=width, lines=lines) or "–"
        seen[label] = seen.get(label, 0) + 1
        labels.append(label + _INVISIBLE * (seen[label] - 1))
    return labels


def finite(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return `table` with what is not a finite number missing.

    Vega draws infinity as zero or drops the whole axis, without an error.
    """
    values = {
        column: pd.to_numeric(table[column], errors="coerce").replace([np.inf, -np.inf], np.nan)
        for column in columns
    }
    return table.assign(**values)


def optional(values: Iterable[Any]) -> list[float | None]:
    """Return numbers with every missing one as ``None``, as a native series holds them."""
    return [None if pd.isna(value) else float(value) for value in values]


def listed(names: Iterable[object], values: Iterable[object]) -> str:
    """Return each name with its value, for whoever cannot see them drawn."""
    return "; ".join(f"{name}: {value}" for name, value in zip(names, values, strict=True))


def line_breaks(period: pd.Series[str], before: pd.Series[str]) -> pd.Series[bool]:
    """Say of each period whether it is another than the one that follows that before it."""
    follows = [
        isinstance(earlier, str) and periods.shift(earlier, 1) == later
        for earlier, later in zip(before, period, strict=True)
    ]
    return ~pd.Series(follows, index=period.index, dtype=bool)


def sentences(*texts: str) -> str:
    """Return texts as sentences: each ends with one full stop."""
    return " ".join(text if text.endswith(".") else f"{text}." for text in texts if text)


def named(defined: Mapping[str, Any], ids: Iterable[Any], words: Wording) -> list[str]:
    """Return what each id is called, or the id itself where nothing of that id is defined."""
    return [words.name(defined[key].name) if key in defined else key for key in ids]


def group_names(registry: Registry, by: str, ids: Iterable[Any], words: Wording) -> list[str]:
    """Return what groups are called: sectors, programmes or regions; a line by its id."""
    tables: dict[str, Mapping[str, Any]] = {
        "sector_id": registry.sectors,
        "programme_id": registry.programmes,
        "region_id": registry.regions,
    }
    called = named(tables.get(by, {}), ids, words)
    if by == "programme_id":
        return [name or words("No programme") for name in called]
    return called


def cleaned(texts: Iterable[object]) -> list[str]:
    """Return each text on one line, as `drawn_text`."""
    return [drawn_text(text) for text in texts]


def source_note(
    words: Wording, *, files: Iterable[str], as_of: date | None, extra: Sequence[str] = ()
) -> str:
    """Return a footnote: the files behind the figures, the day, and what else counts.

    Files past the third are counted only; the figures' table has each one's place.
    """
    names = sorted({drawn_text(name).rsplit("/", 1)[-1] for name in files if name})
    parts = []
    if len(names) > FILES_NAMED:
        shown = ", ".join(names[:FILES_NAMED])
        more = len(names) - FILES_NAMED
        parts.append(words("Source: {files} and {n} more", files=shown, n=more))
    elif names:
        parts.append(words("Source: {files}", files=", ".join(names)))
    if as_of is not None:
        parts.append(words("As at {date}", date=words.date(as_of)))
    return " · ".join([*parts, *extra])


def placed_note(
    words: Wording, data: Dataset, places: Iterable[str], extra: Sequence[str] = ()
) -> str:
    """Return the footnote of figures of `data` from these places; see `source_note`."""
    return source_note(words, files=files_of(places), as_of=data.as_of, extra=extra)


def assessed_note(words: Wording, data: Dataset, assessments: pd.DataFrame) -> str:
    """Return the footnote of what was judged: its files, and the day of the judgement."""
    files = files_of(data.place(assessments))
    return source_note(words, files=files, as_of=latest_day(assessments["as_of"]))


def in_table_only(more: int, words: Wording) -> list[str]:
    """Return how many rows of the table are not drawn, if there are any."""
    if not more:
        return []
    return [words.plural("{n} more in the table only", "{n} more in the table only", more)]


def files_of(places: Iterable[str]) -> list[str]:
    """Return the files of each place such as ``healthcare.xlsx, Sheet!F14``."""
    each = (one for place in places for one in place.split(" · "))
    return [one.rsplit(", ", 1)[0] for one in each if ", " in one]


def native(
    kind: Literal["line", "bar", "stacked_bar"],
    categories: Iterable[object],
    series: Iterable[tuple[str, Iterable[Any], str]],
    *,
    axis: str,
    decimals: int = 0,
) -> NativeChart:
    """Return the chart for an office program, from each series' name, values and role."""
    drawn = [Series(name, optional(values), role) for name, values, role in series]
    return NativeChart(kind, cleaned(categories), drawn, axis, decimals)


def embedded(words: Wording) -> dict[str, Any]:
    """Return what a page is told to draw a chart with: its reader's locale, and no menu."""
    locale = words.vega_locale()
    options = {"formatLocale": locale["number"], "timeFormatLocale": locale["time"]}
    return {"embedOptions": {**options, "actions": False}}


@dataclass(frozen=True)
class Frame:
    """What stands around a chart, or around the sentence that there is nothing to draw."""

    words: Wording
    subtitle: str
    footnote: str
    table: pd.DataFrame
    columns: tuple[Column, ...]
    kind: str = ""

    def figure(
        self,
        chart: Any,
        title: str,
        *more: str,
        native: NativeChart | None = None,
        notes: tuple[str, ...] = (),
    ) -> Figure:
        """Return the figure.

        Parameters
        ----------
        more
            What a reader who cannot see the chart is told after its kind and the title.
        """
        alt_text = drawn_text(sentences(self.kind, title, *more))
        return Figure(
            chart=chart.properties(description=alt_text, usermeta=embedded(self.words)),
            title=drawn_text(title),
            subtitle=drawn_text(self.subtitle),
            footnote=drawn_text(self.footnote),
            alt=alt_text,
            table=self.table.reindex(
                columns=[column.key for column in self.columns]
            ).reset_index(drop=True),
            columns=self.columns,
            native=native,
            notes=notes,
        )

    def nothing(self, title: str, said: str = "") -> Figure:
        """Return the figure that has nothing to draw, and says so in place of marks."""
        said = said or self.words("No data")
        chart = (
            alt.Chart(alt.InlineData(values=[{"said": said}]))
            .mark_text(fontSize=16, fill=theme.DARK_GREY)
            .encode(text="said:N")
            .properties(width=theme.WIDTH - 20, height=80)
        )
        more = said if said != title else ""
        return replace(replace(self, kind="").figure(chart, title, more), is_empty=True)


def framed(
    name: str,
    words: Wording,
    table: pd.DataFrame,
    footnote: str,
    *,
    subtitle: str = "",
    unit: Unit | None = None,
    currencies: Iterable[str] = (),
    **values: Any,
) -> Frame:
    """Return what stands around a chart, as ``wording/tables.toml`` declares it.

    Parameters
    ----------
    table
        What is drawn, with the columns declared; the rest as `columns_of` takes it.
    subtitle
        In place of the one that is declared.
    """
    declared = TABLES[name]
    columns = columns_of(name, words, unit=unit, currencies=currencies, **values)
    own, kind = declared.get("subtitle", ""), declared["kind"]
    subtitle = subtitle or words(own, **values)
    return Frame(words, subtitle, footnote, table, columns, words(kind))


def latest_day(days: pd.Series[Any]) -> date | None:
    """Return the latest day of a column, nothing where it has none."""
    latest = days.max()
    return None if pd.isna(latest) else pd.Timestamp(latest).date()
