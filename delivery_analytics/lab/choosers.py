"""What an analyst chooses: widgets that agree with each other, and the data behind them."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import ipywidgets as widgets

from delivery_analytics.errors import DefinitionError
from delivery_analytics.lab.view import View
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.lookup import check
from delivery_analytics.model.registers import JOINED
from delivery_analytics.model.registry import Indicator
from delivery_analytics.wording.wording import Wording


class Chooser:
    """A sector, one of its indicators, a region, a period it has a figure for, and a day.

    Attributes
    ----------
    sector, indicator, region, period, as_of, first, last, other
        The widgets; each one's ``value`` is an id, and can be set. Of `first` and `last`, from
        which period figures are shown and to which, empty is every one.
    programme, body
        Of which the indicators are that can be chosen.
    history
        The data with every revision.
    """

    def __init__(self, history: Dataset, words: Wording) -> None:
        self.history, self.words = history, words
        self._known: dict[str, Dataset] = {}
        self._changing = 0
        # One view for one choice, so that a chart and the table below it share their figure.
        self._view = lru_cache(maxsize=1)(
            lambda **chosen: View(history, self.data, words, **chosen)
        )
        registry = self.history.registry
        received = self.history.sources["received_on"].dropna().dt.date
        days = [day.isoformat() for day in sorted(set(received), reverse=True)]
        if not days:
            raise DefinitionError("Nothing was received yet, so there is nothing to explore")
        self.as_of = _chooser(words("Data as at"), [(words.date(day), day) for day in days])
        agreed, every = registry.indicators.values(), (words("all"), "")
        serving = {key for one in agreed for key in one.programmes}
        used = [one for key, one in registry.programmes.items() if key in serving]
        self.programme = _chooser(words("Programme"), [every, *self._named(used)])
        bodies = dict.fromkeys(body for one in agreed for body in self._bodies(one))
        offered = [(one, one) for one in bodies if one]
        self.body = _chooser(words("Responsible"), [every, *offered])
        self.sector = _chooser(words("Sector"), self._named(registry.sectors.values()))
        self.indicator = _chooser(words("Indicator"), self._indicators())
        self.region = _chooser(words("Region"), self._named(registry.regions.values()))
        self.region.value = registry.country_id
        self.indicator.value = self._first()
        self.period = _chooser(words("Period"), self._periods())
        self.sector.observe(self._sector_changed, "value")
        self.indicator.observe(lambda _: self._offer_periods(""), "value")
        for widget in (self.region, self.as_of):
            widget.observe(self._subject_changed, "value")
        self.other = _chooser(words("Beside it"), self._named(registry.indicators.values()))
        self.first, self.last = _chooser(words("From"), []), _chooser(words("Until"), [])
        self._offer_span()
        for widget in (self.programme, self.body):
            widget.observe(self._filter_changed, "value")
        for widget in (self.period, self.first, self.last, self.other):
            widget.observe(self._period_changed, "value")

    @property
    def chosen(self) -> dict[str, str]:
        """What is chosen, by id."""
        names = ("sector", "indicator", "region", "period", "as_of", "first", "last", "other")
        return {name: getattr(self, name).value or "" for name in names}

    @property
    def view(self) -> View:
        """What is chosen with the data behind it; the same one until another is chosen."""
        return self._view(**self.chosen)

    @property
    def data(self) -> Dataset:
        """The tables as they were known on the chosen day."""
        day = self.as_of.value
        if day not in self._known:
            self._known[day] = self.history.known_on(day)
        return self._known[day]

    def choose(
        self,
        *,
        sector: str = "",
        indicator: str = "",
        region: str = "",
        period: str = "",
        as_of: str = "",
    ) -> None:
        """Choose by id, as the choosers do by name; what is left out stays.

        Raises
        ------
        DefinitionError
            If there is no such id, day or figure; says what is near.
        """
        registry = self.history.registry
        check("indicator", indicator or None, registry.indicators)
        check("sector", sector or None, registry.sectors)
        check("region", region or None, registry.regions)
        day = str(self.history.learned_by(as_of).as_of) if as_of else ""  # refuses no day
        with self._together():
            if day and day not in _ids(self.as_of):
                self.as_of.options = [(self.words.date(day), day), *self.as_of.options]
            if day:
                self.as_of.value = day
            if sector or indicator:
                self.programme.value = self.body.value = ""
                self.sector.value = sector or registry.indicators[indicator].sector_id
                self._sector_changed()
            if indicator:
                within = dict.fromkeys(_ids(self.indicator), "")
                check(f"indicator of {self.sector.value}", indicator, within)
                self.indicator.value = indicator
            if region:
                self.region.value = region
            self._subject_changed()
            if period:
                among = dict.fromkeys(_ids(self.period), "")
                check("figure here for the period", period, among)
                self.period.value = period

    def pick(self, region: str, period: str) -> None:
        """Choose a region, and a period if the region has a figure for it."""
        with self._together():
            self.region.value = region
            if period in _ids(self.period):
                self.period.value = period

    def _named(self, defined: Iterable[Any]) -> list[tuple[str, str]]:
        return [(self.words.name(subject.name), subject.id) for subject in defined]

    def _indicators(self) -> list[tuple[str, str]]:
        return self._named(self._wanted()[self.sector.value])

    def _bodies(self, one: Indicator) -> list[str]:
        sectors, words = self.history.registry.sectors, self.words
        return (words.name(one.owner) or words.name(sectors[one.sector_id].lead)).split(JOINED)

    def _wanted(self) -> dict[str, list[Indicator]]:
        """Return sector → its indicators of the programme and the body that are chosen."""
        programme, body = self.programme.value, self.body.value
        wanted: dict[str, list[Indicator]] = {}
        for one in self.history.registry.indicators.values():
            if programme in ("", *one.programmes) and body in ("", *self._bodies(one)):
                wanted.setdefault(one.sector_id, []).append(one)
        return wanted

    def _filter_changed(self, change: Mapping[str, Any]) -> None:
        """Offer what is of the programme and the body; what leaves nothing is let go."""
        with self._together():
            if not self._wanted():
                released = self.body if change["owner"] is self.programme else self.programme
                released.value = ""
            kept, sectors = self.indicator.value, self.history.registry.sectors
            sector = self.sector.value
            self.sector.options = self._named(sectors[key] for key in self._wanted())
            self.sector.value = sector if sector in _ids(self.sector) else _ids(self.sector)[0]
            self._sector_changed()
            self.indicator.value = kept if kept in _ids(self.indicator) else self._first()

    def _offer_span(self) -> None:
        """Offer the periods that any region has a figure for, the earliest first."""
        rows = self.data.observations
        rows = rows[(rows["indicator_id"] == self.indicator.value) & rows["value"].notna()]
        listed = rows.sort_values("period_end")["period"].drop_duplicates()
        offered = [(self.words.short_period(period), period) for period in listed]
        with self._together():
            for widget in (self.first, self.last):
                chosen = widget.value
                widget.options = [(self.words("all"), ""), *offered]
                widget.value = chosen if chosen in _ids(widget) else ""

    def _first(self) -> str:
        """Return the sector's first indicator with a figure of the nation, if one has."""
        rows, nation = self.history.observations, self.history.registry.country_id
        rows = rows[rows["value"].notna() & (rows["region_id"] == nation)]
        ids, reported = _ids(self.indicator), set(rows["indicator_id"])
        return next((name for name in ids if name in reported), ids[0])

    def _periods(self) -> list[tuple[str, str]]:
        """Return the periods that the region has a figure for, the latest first."""
        rows = self.data.observations
        of = rows["indicator_id"] == self.indicator.value
        of &= (rows["region_id"] == self.region.value) & rows["value"].notna()
        latest_first = rows[of].sort_values("period_end")["period"].drop_duplicates()[::-1]
        return [(self.words.short_period(period), period) for period in latest_first]

    @contextmanager
    def _together(self) -> Iterator[None]:
        """Make several changes and draw once."""
        self._changing += 1
        try:
            yield
        finally:
            self._changing -= 1
        if not self._changing:
            self._refresh()

    def _sector_changed(self, _: Mapping[str, Any] | None = None) -> None:
        with self._together():
            self.indicator.options = self._indicators()
            self.indicator.value = self._first()

    def _subject_changed(self, _: Mapping[str, Any] | None = None) -> None:
        self._offer_periods(self.period.value or "")

    def _offer_periods(self, wanted: str) -> None:
        """Offer the periods that have a figure; the latest, if there is none for `wanted`."""
        with self._together():
            self.period.options = self._periods()
            known = _ids(self.period)
            self.period.value = wanted if wanted in known else next(iter(known), None)
            self._offer_span()

    def _period_changed(self, _: Mapping[str, Any]) -> None:
        if not self._changing:
            self._refresh()

    def _refresh(self) -> None:
        """Follow what was chosen; once, however many widgets changed."""


def _chooser(label: str, options: list[tuple[str, str]]) -> widgets.Dropdown:
    # As long as the longest label, which is Russian; three fit beside each other.
    how = {"layout": widgets.Layout(width="350px"), "style": {"description_width": "165px"}}
    return widgets.Dropdown(options=options, description=label, **how)


def _ids(widget: widgets.Dropdown) -> list[str]:
    return [name for _, name in widget.options]
