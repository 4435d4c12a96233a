"""Judge records by what was agreed: sector, plausible range, scale, calendar."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median

import numpy as np

from delivery_analytics.loading.columns import Figures, moments
from delivery_analytics.loading.context import Field
from delivery_analytics.loading.fields import FieldReader
from delivery_analytics.loading.remarks import Remark, told
from delivery_analytics.model import periods
from delivery_analytics.model.registry import Indicator

OUTLIER = 100  # times the target of the same row


def sector(read: FieldReader) -> Sequence[Remark]:
    """Refuse a sector that is none."""
    if not read.has("sector"):
        return ()
    names = read.context.names["sector"]
    return read.field("sector", lambda value, _: names.find(value), note="note").remarks


def future(period: Field, reported: Field) -> Iterator[Remark]:
    """Refuse a figure for a period that had not begun when it was reported."""
    first = {name: periods.start(name) for name in set(period.values) if name}
    starts = moments(map(first.get, period.values))
    for index in np.flatnonzero(starts > reported.values):
        day = reported.values[index].item().date()
        message = told("not_begun", period=period.values[index], day=day)
        yield Remark(*message, "period", int(index))


def plausible(known: Sequence[Indicator | None], value: Field) -> Iterator[Remark]:
    """Refuse a figure that its indicator cannot be."""
    bounds = {indicator.plausible for indicator in known if indicator is not None}
    if not any(bound is not None for pair in bounds for bound in pair):
        return
    low = np.array([_bound(indicator, 0, -math.inf) for indicator in known])
    high = np.array([_bound(indicator, 1, math.inf) for indicator in known])
    with np.errstate(invalid="ignore"):
        outside = (value.values < low) | (value.values > high)
    for index in np.flatnonzero(outside):
        ends = {"low": low[index], "high": high[index]}
        message = told("implausible", figure=value.values[index], **ends)
        yield Remark(*message, "value", int(index))


def _bound(indicator: Indicator | None, side: int, default: float) -> float:
    bound = indicator.plausible[side] if indicator else None
    return default if bound is None else bound


def scale(value: Figures, target: Figures, percent: list[bool]) -> Iterator[Remark]:
    """Refuse a share beside a percentage, and remark a figure far beyond its target."""
    with np.errstate(invalid="ignore", over="ignore"):
        share = np.array(percent) & (value > 0) & (value <= 1) & (target > 1)
        share &= (value * 100 > target / 4) & (value * 100 < target * 4)
        far = (np.abs(value) >= OUTLIER * np.abs(target)) & (target != 0)
    for index in np.flatnonzero(share):
        one = {"figure": value[index], "other": value[index] * 100, "target": target[index]}
        yield Remark(*told("share_or_percent", **one), "value", int(index))
    for index in np.flatnonzero(far):
        one = {"figure": value[index], "times": OUTLIER, "target": target[index]}
        yield Remark(*told("outlier", **one), "value", int(index), "warning")


def percent_mixed(
    read: FieldReader, fields: Mapping[str, Field], percent: Sequence[bool]
) -> Iterator[Remark]:
    """Tell of percent style and plain numbers side by side, and refuse what can be either.

    Of a plain figure nobody knows whether it was meant in percent style when it is up to 1,
    or up to 2 and far below the others: 1.05 beside 98 % may be 105 %. Of one in percent
    style, when it is over 1000 %: 84.8 in that style is 8480 %.
    """
    styled: list[tuple[str, int, float]] = []
    plain: list[tuple[str, int, float]] = []
    for name, figures in fields.items() if any(percent) else ():
        in_style = read.records.in_percent_style(name)
        for at in np.flatnonzero(np.array(percent, dtype=bool) & ~np.isnan(figures.values)):
            place = (name, int(at), float(figures.values[at]))
            (styled if in_style[at] else plain).append(place)
    if not styled or not plain:
        return
    usual = median(abs(figure) for _, _, figure in styled)
    rarer = styled if len(styled) < len(plain) else plain
    for name, index, figure in plain:
        size = abs(figure)
        if 0 < size <= 1 or (size <= 2 and size < usual / 10):
            message = told("plain_or_percent", figure=figure, other=figure * 100)
            yield Remark(*message, name, index)
        elif rarer is plain:
            message = told("plain_beside_percent", figure=figure)
            yield Remark(*message, name, index, "warning")
    for name, index, figure in styled:
        if abs(figure) > 1000:
            message = told("percent_or_plain", figure=figure, other=figure / 100)
            yield Remark(*message, name, index)
        elif rarer is styled:
            yield Remark(*told("percent_beside_plain", figure=figure), name, index, "warning")


def brief_enough(texts: Iterable[tuple[str, Field]], most: int) -> Iterator[Remark]:
    """Tell of a text that is longer than a brief shows it."""
    for name, field in texts:
        for index, text in enumerate(field.values):
            if len(text) > most:
                yield Remark(*told("too_long", n=len(text), most=most), name, index, "warning")


def within(figures: Field, name: str, most: float) -> Iterator[Remark]:
    """Refuse a figure that cannot be true: it is from nought to `most`."""
    for index in np.flatnonzero((figures.values < 0) | (figures.values > most)):
        wanted = "0 or more" if np.isinf(most) else f"from 0 to {most:g}"
        message = told("cannot_be", figure=figures.values[index], name=name, wanted=wanted)
        yield Remark(*message, name, int(index))
