"""An Altair chart of the analyst's own, with the words and the figures that stand beside it."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import altair as alt
import pandas as pd

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.dataset import as_of_day
from delivery_analytics.report import theme
from delivery_analytics.report.figure import Figure
from delivery_analytics.report.native import native_of
from delivery_analytics.report.own_table import as_shown
from delivery_analytics.wording.wording import Wording

MOST_ROWS = 5000
_ABOVE_TITLE = 28  # px: over an axis, whose title the house sets above it, a legend is
_ESCAPED = re.compile(r"[.:\\\[\]]")  # in a field's name, which a description writes otherwise
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z?")


def completed(figure: Figure, words: Wording) -> Figure:
    """Return an own figure with its words, its figures as a table, and a chart for Office.

    Any other is returned as it is.

    Raises
    ------
    DefinitionError
        If the chart is not whole, or its data are not in it.
    """
    if figure.columns:
        return figure
    spec = _spec(figure.chart)
    rows = _data(spec)
    fields = [one for one in _nodes(spec) if isinstance(one.get("field"), str)]
    # What says only which field is meant, as an order does, says not what it is called.
    heads = {one["field"]: _title(one) for one in sorted(fields, key=len)}
    columns = {str(key): heads.get(str(key), str(key)) for key in rows}
    table, shown = as_shown(rows, columns)
    title, beneath = _titles(spec.pop("title", ""))
    title = figure.title or title or " · ".join(columns.values())
    subtitle = figure.subtitle or ", ".join(filter(None, [beneath, figure.unit]))
    alt_text = figure.alt or spec.get("description") or f"{title}. {subtitle}".strip()
    locale = words.vega_locale()
    said = [words("Source: {files}", files=figure.source)] if figure.source else []
    if figure.as_of:
        said.append(words("As of {date}", date=words.date(as_of_day(None, figure.as_of))))
    native = figure.native
    with contextlib.suppress(TypeError, ValueError):  # as of values of several types
        native = native or native_of(spec, rows, heads, words)
    own = replace(
        figure,
        title=title,
        subtitle=subtitle,
        footnote=figure.footnote or " · ".join(said),
        alt=alt_text,
        table=table,
        columns=shown,
        native=native,
        own=True,
    )
    if (legend := spec.get("config", {}).get("legend", {})).get("orient") == "top":
        legend["offset"] = _ABOVE_TITLE
    numbers = {"formatLocale": locale["number"], "timeFormatLocale": locale["time"]}
    spec["usermeta"] = {"embedOptions": {**numbers, "actions": False}}
    vars(own)["_spec"] = {**spec, "description": alt_text}
    return own


def _spec(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """Return the chart's description, whole and with its data, or say what is in the way."""
    if alt.theme.active == "default":
        theme.enable()
    try:
        with alt.data_transformers.enable("default", max_rows=MOST_ROWS):
            spec: dict[str, Any] = chart.to_dict()
        json.dumps(spec, allow_nan=False)
    except alt.MaxRowsError as error:
        raise DefinitionError(
            f"The chart draws more than {MOST_ROWS} rows: choose or sum them first (query, "
            "groupby), or add it as a picture"
        ) from error
    except Exception as error:
        raise DefinitionError(f"The chart cannot be drawn: {error}") from error
    if any("url" in node for node in _nodes(spec)):
        raise DefinitionError(
            "The chart fetches what it shows from an address, and reports fetch nothing: read "
            "the data first (pd.read_csv), and give the DataFrame to alt.Chart"
        )
    return spec


def _nodes(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every part of a chart's description, without its data."""
    if isinstance(value, Mapping):
        yield value
    parts = value.items() if isinstance(value, Mapping) else enumerate(value)
    for key, part in parts:
        if isinstance(part, Mapping | list) and key not in ("datasets", "values", "usermeta"):
            yield from _nodes(part)


def _data(spec: dict[str, Any]) -> pd.DataFrame:
    """Return the rows a chart draws from; other columns are taken out of it as well."""
    inline = [node["data"] for node in _nodes(spec) if "values" in (node.get("data") or {})]
    found = [*spec.get("datasets", {}).values(), *(one["values"] for one in inline)]
    rows = [row for one in found if isinstance(one, list) for row in one]
    if not all(isinstance(row, Mapping) for row in rows) or not any(rows):
        raise DefinitionError(
            "The chart holds no rows of figures: give alt.Chart a DataFrame that has some"
        )
    told = "\n".join(_said(spec))
    names = {name for row in rows for name in row}
    unused = {n for n in names if not re.search(rf"(?<!\w){re.escape(n)}(?!\w)", told)}
    unused -= {*filter(_ESCAPED.search, names)}
    for row in rows:
        for name in unused & row.keys():
            del row[name]
    frame = pd.DataFrame(rows)
    for name, values in frame.items():
        known = values.dropna()
        if known.map(lambda one: isinstance(one, Mapping | list)).any():
            del frame[name]  # a shape to be drawn, such as a region's outline
        elif len(known) and known.map(lambda one: bool(_MOMENT.fullmatch(str(one)))).all():
            frame[name] = pd.to_datetime(values)
    return frame


def _said(spec: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts of a description in which a column may be named."""
    for node in _nodes({**spec, "config": {}}):
        for key, value in node.items():
            if key not in ("title", "text", "subtitle", "description", "name", "$schema"):
                texts = value if isinstance(value, list) else [value]
                yield from (one for one in texts if isinstance(one, str))


def _title(channel: Mapping[str, Any]) -> str:
    """Return what a channel's field is called for readers."""
    axis = channel.get("axis") or channel.get("legend") or {}
    title = channel.get("title") or axis.get("title") or channel.get("field")
    return " ".join(title) if isinstance(title, list) else str(title or "")


def _titles(title: Any) -> tuple[str, str]:
    """Return a chart's own title and what stands beneath it."""
    parts = title if isinstance(title, Mapping) else {"text": title}
    texts = (parts.get(name) or "" for name in ("text", "subtitle"))
    title, beneath = (" ".join(one) if isinstance(one, list) else str(one) for one in texts)
    return title, beneath
