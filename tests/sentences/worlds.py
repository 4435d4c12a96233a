"""Small random workspaces, and the pages that the notebooks make of them.

Names and texts are the example's, so that one grammar reads every page. What is agreed of an
indicator, its figures and its promises are drawn; the other tables are some of the example's
rows, with their days and amounts moved.
"""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import nbformat
import pandas as pd

from delivery_analytics.model import periods, schema
from delivery_analytics.model.dataset import Dataset
from delivery_analytics.model.registry import open_registry
from tests.sentences.pages import Sentence, page_sentences

AS_OF, SINCE = "2025-01-31", "2024-12-31"
_KEPT = ("units.toml", "regions.csv", "status.toml", "programmes.toml")
# Unit → the first figure, its usual change, and the decimals that figures are sent with.
_SCALES = {
    "percent": (60, 4, 1),
    "per_100k_people": (12, 1.5, 1),
    "people": (20_000, 1_500, 0),
    "schools": (300, 25, 0),
    "years": (71, 0.6, 2),
    "previous_year_100": (103, 2, 1),
}
_SAMPLED = ("milestones", "instructions", "spending", "judgements", "actions", "obstacles")
_NOTEBOOKS = {
    "national": "10_national.ipynb",
    "sector": "20_sector.ipynb",
    "region": "30_region.ipynb",
    "programme": "40_programme.ipynb",
}


def draw(root: Path, example: Path, data: Dataset, seed: int) -> tuple[str, str]:
    """Write a workspace to `root`; return the kind and the key of a page to make of it."""
    random = Random(seed)
    target, source = root / "data/definitions", example / "data/definitions"
    (target / "sectors").mkdir(parents=True)
    for name in _KEPT:
        shutil.copyfile(source / name, target / name)
    with (source / "bodies.csv").open(encoding="utf-8") as lines:
        bodies = pd.read_csv(lines, dtype=str).drop(columns="sector")  # few of them are drawn
    bodies.to_csv(target / "bodies.csv", index=False)
    (target / "challenges.toml").write_text("")
    known = sorted(one.stem for one in (source / "sectors").glob("*.toml"))
    sectors = random.sample(known, random.randint(1, 2))
    for name in sectors:
        agreed = tomllib.loads((source / f"sectors/{name}.toml").read_text("utf-8"))
        (target / f"sectors/{name}.toml").write_text(_sector(agreed, random), "utf-8")
    registry = open_registry(root)
    tables = {name: _sampled(data, name, registry, random) for name in _SAMPLED}
    for name in ("sources", "problems"):
        rows = getattr(data, name)
        tables[name] = rows[rows["sector_id"].isin(sectors)]
    tables |= _figures(registry, data, random)
    Dataset({**_empty(), **tables}, registry).save(root / "data/processed")
    keys = {
        "national": [""],
        "sector": sectors,
        "region": [one for one in registry.regions if one != registry.country_id],
        "programme": sorted(registry.programmes),
    }
    kind = ("national", "sector", "sector", "region", "programme")[seed % 5]
    return kind, random.choice(keys[kind])


def page(root: Path, notebooks: Path, made: tuple[str, str], language: str) -> list[Sentence]:
    """Make a page of a workspace in a language, and return its sentences."""
    kind, key = made
    folder = root / "reports"
    folder.mkdir()
    given = {"as_of": AS_OF, "since": SINCE, "language": language, "formats": ["html"]}
    given |= {"data_dir": str(root / "data/processed"), "output_dir": str(folder), kind: key}
    session: dict[str, Any] = {}
    for cell in nbformat.read(notebooks / _NOTEBOOKS[kind], as_version=4).cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, kind, "exec"), session)
        if "parameters" in cell.metadata.get("tags", ()):
            session |= given
    (path,) = folder.glob("*.html")
    return page_sentences(path, f"{kind}/{key}".lower().rstrip("/"), language)


def _empty() -> dict[str, pd.DataFrame]:
    return {
        name: schema.conform(name, pd.DataFrame())
        for name in schema.TABLES
        if name != "assessments"
    }


def _sector(agreed: dict[str, Any], random: Random) -> str:
    """Return a sector's definition with some of its indicators, each agreed on anew."""
    lines = [
        f"{name} = {_toml(agreed[name])}"
        for name in ("name", "lead", "order")
        if name in agreed
    ]
    among = agreed["indicator"]
    for one in random.sample(among, min(len(among), random.randint(1, 3))):
        unit = random.choice(list(_SCALES))
        new = {name: one[name] for name in ("id", "name", "owner", "programmes") if name in one}
        new |= {
            "unit": unit,
            "direction": random.choice(["increase", "increase", "decrease", "maintain"]),
        }
        new["frequency"] = random.choice(["annual"] * 4 + ["quarterly"])
        if new["direction"] == "maintain":
            new["tolerance"] = _SCALES[unit][1]
        elif random.random() < 0.2:
            new["method"] = "kz_plan_execution"
        if random.random() < 0.2:
            new["trajectory"] = "stepwise"
        if random.random() < 0.2:
            new["priority"] = random.randint(1, 3)
        if unit in ("people", "schools") and random.random() < 0.3:
            new["running_total"] = True
        if unit == "percent":
            new["plausible"] = [0, 100]
        lines += [
            "",
            "[[indicator]]",
            *(f"{name} = {_toml(value)}" for name, value in new.items()),
        ]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_toml(one)}" for name, one in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def _figures(registry: Any, data: Dataset, random: Random) -> dict[str, pd.DataFrame]:
    """Return figures that wander or drift, some revised or late, and promises about them."""
    seen, promised = [], []
    regions = [one for one in registry.regions if one != registry.country_id]
    for one in registry.indicators.values():
        sources = data.sources[data.sources["sector_id"] == one.sector_id]["source_id"]
        source = {"source_id": random.choice(sorted(sources)), "source_cell": "Sheet!B2"}
        places = random.sample(regions, random.choice([0, 0, 3, 8, 14, 20]))
        for region in [registry.country_id, *places]:
            if random.random() < 0.1:
                values: dict[str, float] = {}
            else:
                values = _walk(one, random, national=region == registry.country_id)
            for period, value in values.items():
                told = pd.Timestamp(periods.end(period)) + pd.Timedelta(
                    days=random.randint(20, 200)
                )
                row = {"indicator_id": one.id, "region_id": region, "period": period, **source}
                row |= {"value": value, "obs_status": "normal", "reported_on": told}
                seen.append(row)
                if random.random() < 0.05:
                    later = told + pd.Timedelta(days=random.randint(20, 300))
                    seen.append(
                        {**row, "value": _sent(one, value * 1.02), "reported_on": later}
                    )
            if random.random() < (0.8 if region == registry.country_id else 0.3):
                row = {"indicator_id": one.id, "region_id": region, **source}
                promised += [row | promise for promise in _promises(one, values, random)]
    observations = pd.DataFrame(seen)
    if len(observations):
        observations["period_end"] = periods.ends(observations["period"])
    return {
        "observations": schema.conform("observations", observations),
        "targets": schema.conform("targets", pd.DataFrame(promised)),
    }


def _sent(one: Any, value: float, *, finer: int = 0) -> float:
    value = min(max(value, 0.0), 100.0) if one.unit == "percent" else max(value, 0.0)
    return round(value, _SCALES[one.unit][2] + finer)


def _walk(one: Any, random: Random, *, national: bool) -> dict[str, float]:
    level, change, _ = _SCALES[one.unit]
    level, drift = level * random.uniform(0.2, 1.4), change * random.choice([-0.7, 0, 0, 0.7])
    quarterly = one.frequency == "quarterly"
    last = random.choice(
        ["2024-Q4", "2024-Q3"] if quarterly else ["2024", "2023", "2023", "2021"]
    )
    number = random.randint(1, 16 if national else 5)
    finer = random.choice([0, 0, 0, 2])
    walk, out = level, {}
    for back in range(number - 1, -1, -1):
        walk += drift + random.gauss(0, change) * random.choice([0, 1, 1, 1])
        if back == 0 or random.random() > 0.05:
            out[periods.shift(last, -back)] = _sent(one, walk, finer=finer)
    return out


def _promises(one: Any, values: dict[str, float], random: Random) -> Iterator[dict[str, Any]]:
    """Yield a baseline, perhaps an interim, and a final target, perhaps moved once."""
    level, change, _ = _SCALES[one.unit]
    yearly = [period for period in values if len(period) == 4 or period.endswith("Q4")]
    base = random.choice(yearly) if yearly else "2019"
    start = values.get(base, level)
    way = {"increase": 1, "decrease": -1}.get(one.direction, 0)
    way = -way if random.random() < 0.05 else way
    final = _sent(one, start + way * change * random.choice([0, 1, 3, 8]))
    last = list(values.values())[-1] if values else level
    if random.random() < 0.3:  # at the figure itself, or a hair beside it
        final = last + random.choice([0, 0, 0.0004, -0.0004, 0.03])
    due = random.choice([2023, 2024, 2024, 2025, 2027, 2030])
    told = {"set_on": pd.Timestamp("2020-03-01"), "illustrative": random.random() < 0.3}
    if (
        one.direction != "maintain"
        and int(base[:4]) not in (2024, due)
        and random.random() < 0.9
    ):
        yield {"kind": "baseline", "due_on": _last_day(int(base[:4])), "value": start, **told}
    if due > 2024 and random.random() < 0.4:
        yield {
            "kind": "interim",
            "due_on": _last_day(2024),
            "value": (start + final) / 2,
            **told,
        }
    yield {"kind": "final", "due_on": _last_day(due), "value": final, **told}
    if random.random() < 0.15:
        told["set_on"] = pd.Timestamp("2024-06-01")
        yield {
            "kind": "final",
            "due_on": _last_day(due),
            "value": _sent(one, final * 0.9),
            **told,
        }


def _last_day(year: int) -> pd.Timestamp:
    return pd.Timestamp(year, 12, 31)


def _sampled(data: Dataset, name: str, registry: Any, random: Random) -> pd.DataFrame:
    """Return some of the example's rows of the sectors, later or earlier, larger or smaller."""
    rows = getattr(data, name)
    rows = rows[rows["sector_id"].isin(registry.sectors)]
    if "indicator_id" in rows:
        rows = rows[rows["indicator_id"].isin({"", *registry.indicators})]
    if name == "judgements":
        rows = rows[rows["subject_id"].isin({*registry.indicators, *registry.programmes})]
    key = {"spending": "line_id", "judgements": "subject_id"}.get(name, f"{name[:-1]}_id")
    among = sorted(rows[key].unique())
    kept = random.sample(among, random.randint(0, len(among)))
    rows = rows[rows[key].isin(kept)].copy()
    for column in ("due_on", "expected_on", "due_on_original"):
        if column in rows:
            moved = rows[key].map({one: random.randint(-200, 200) for one in kept})
            rows[column] = rows[column] + pd.to_timedelta(moved.astype("float64"), unit="D")
    if name == "spending":
        more = rows[key].map({one: random.uniform(0.5, 1.1) for one in kept})
        rows["actual"] *= more.astype("float64")
    return schema.conform(name, rows)
