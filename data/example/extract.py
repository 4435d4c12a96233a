"""Restate the downloaded statistics and budgets as the example's compact input.

Run once, where the downloaded files are at hand::

    python data/example/extract.py FOLDER

``FOLDER`` holds ``kz_sdg`` (the Bureau of National Statistics) and ``kz_budget`` (Open
Budgets), as described in ``data/raw/SOURCES.md``. Values are kept as the text that the
source holds; what is computed is named in ``facts/series.csv``. The other files in
``facts`` are kept by hand.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

FACTS = Path(__file__).parent / "facts"
BUDGET_PERIODS = tuple(f"{year}-{month:02d}" for year in (2023, 2024) for month in range(1, 13))
SOLID = ("SEX", "URBANISATION", "AGE", "COMPOSITE_BREAKDOWN", "EDUCATION_LEV", "GeoCode")


class Series(NamedTuple):
    """One indicator and the file, series and years it is restated from."""

    indicator_id: str
    file: str
    series: str = ""
    first_year: int = 2010
    regions_from: int = 0
    national: bool = True


# regions_from 0: the last two years of the file, which lie behind the changes of borders.
SERIES = (
    Series("transport.local_roads", "11-2-1-1", national=False, regions_from=2021),
    Series("transport.road_deaths", "3-6-1", regions_from=2015),
    Series("transport.import_tariff", "17-10-1"),
    Series("healthcare.maternal_mortality", "3-1-1"),
    Series("healthcare.tuberculosis", "3-3-2"),
    Series("healthcare.immunisation", "3-b-1"),
    Series("healthcare.essential_medicines", "3-b-3"),
    Series("healthcare.suicide", "3-4-2"),
    Series("education.preschool", "4-2-2"),
    Series("education.inclusive_schools", "4-5-1-2"),
    Series("education.teacher_training", "4-c-1-1"),
    Series("education.teacher_grades", "4-c-1-2", national=False),
    Series("education.spending_share", "1-a-2", "SD_XPD_ESED"),
    Series("education.student_service", "13-3-1"),
    Series("energy.electricity_access", "7-1-1"),
    Series("energy.gas_access", "7-1-2"),
    Series("energy.energy_intensity", "7-3-1"),
    Series("water.wastewater_treated", "6-3-1"),
    Series("water.management_degree", "6-5-1"),
    Series("water.transboundary", "6-5-2"),
    Series("water.caspian_ph", "14-3-1"),
    Series("industry.manufacturing_productivity", "9-2-1-1"),
    Series("industry.labour_productivity", "8-2-1"),
    Series("industry.unsafe_housing", "11-1-1"),
    Series("industry.hazardous_waste", "12-4-2"),
    Series("digital.mobile_users", "5-b-1"),
    Series("digital.broadband", "17-6-2"),
    Series("digital.coverage_3g", "9-c-1", "_L_KZ_090c01_1B"),
    Series("digital.service_satisfaction", "16-6-2"),
    Series("digital.digital_literacy", "4-4-1-1", regions_from=2017),
    Series("innovation.rd_share", "9-5-1"),
    Series("innovation.high_tech_share", "9-b-1"),
    Series("innovation.manufacturing_exports", "9-2-1-2"),
    Series("regions.unemployment", "8-5-2"),
    Series("regions.youth_neet", "8-6-1"),
    Series("regions.low_income", "10-2-1"),
    Series("regions.waste_collected", "11-6-1"),
)

# The Bureau's area codes; South Kazakhstan (KZONT), cities and villages are left out.
AREAS = {
    "KZABY": "KZ-10", "KZAKM": "KZ-11", "KZAKT": "KZ-15", "KZALM": "KZ-19",
    "KZATY": "KZ-23", "KZZAP": "KZ-27", "KZZHA": "KZ-31", "KZZHS": "KZ-33",
    "KZKAR": "KZ-35", "KZKUS": "KZ-39", "KZKZY": "KZ-43", "KZMAN": "KZ-47",
    "KZPAV": "KZ-55", "KZSEV": "KZ-59", "KZYUZ": "KZ-61", "KZULU": "KZ-62",
    "KZVOS": "KZ-63", "KZNS": "KZ-71", "KZALA": "KZ-75", "KZSHY": "KZ-79",
}  # fmt: skip

# Budget function → sector. The line `republican` is the state budget less the local ones.
FUNCTIONS = {
    "Транспорт и коммуникации": "transport",
    "Здравоохранение": "healthcare",
    "Образование": "education",
    "Топливно-энергетический комплекс и недропользование": "energy",
    "Промышленность, архитектурная, градостроительная и строительная деятельность": "industry",
    "Жилищно-коммунальное хозяйство": "regions",
}
DIGITAL_MINISTRY = "Министерство цифрового развития"
SCIENCE, WATER = "Фундаментальные научные исследования", "Водное хозяйство"
REGION_FILES = {"KZ-71": "г_Астана", "KZ-10": "Абайская"}


def figures(folder: Path) -> list[tuple[str, str, str, str]]:
    """Return indicator, region, period and value as the source writes it."""
    rows = []
    for one in SERIES:
        table = pd.read_csv(
            folder / "kz_sdg" / "data" / f"indicator_{one.file}.csv", dtype=str
        ).fillna("")
        table = table.rename(columns=str.strip).map(str.strip)
        if one.series:
            table = table[table["SERIES"] == one.series]
        elif "SERIES" in table:
            table = table[table["SERIES"] == ""]
        for column in SOLID:
            if column in table:
                table = table[table[column] == ""]
        if "REF_AREA" not in table:
            table = table.assign(REF_AREA="")
        table = table[table["Value"] != ""].assign(year=table["Year"].astype(int))
        if table.duplicated(["Year", "REF_AREA"]).any():
            raise SystemExit(f"indicator_{one.file} says two things of one year and area")
        if one.national:
            nation = table[(table["REF_AREA"] == "") & (table["year"] >= one.first_year)]
            rows += [(one.indicator_id, "KZ", r["Year"], r["Value"]) for r in _rows(nation)]
        regions = table[table["REF_AREA"].isin(list(AREAS))]
        since = one.regions_from or regions["year"].max() - 1
        rows += [
            (one.indicator_id, AREAS[r["REF_AREA"]], r["Year"], r["Value"])
            for r in _rows(regions)
            if r["year"] >= since
        ]
    return rows + _monthly(folder / "kz_budget")


def _monthly(folder: Path) -> list[tuple[str, str, str, str]]:
    """Return the monthly percentages of the plan that the portal publishes, two decimals."""
    projects = _budget(folder / "national" / "РБ_приоритетные_инвестиции.csv")
    projects = projects[
        projects["name"].eq("Транспорт и коммуникации") & projects["level"].eq(1)
    ]
    parts = [("transport.project_execution", "KZ", projects)]
    for region, name in REGION_FILES.items():
        local = _budget(folder / "regions" / f"местный_бюджет_{name}.csv")
        taxes = local[local["name"].eq("НАЛОГОВЫЕ ПОСТУПЛЕНИЯ") & local["level"].eq(1)]
        parts.append(("regions.tax_execution", region, taxes))
    return [
        (indicator, region, row["period"], f"{float(row['plgpsumrg']):.2f}")
        for indicator, region, table in parts
        for row in _rows(table)
    ]


def spending(folder: Path) -> list[tuple[str, str, str, str, str]]:
    """Return line, region, period, plan and actual since January, in thousand tenge."""
    state = _budget(folder / "national" / "Гос_функц_классификация.csv")
    local = _budget(folder / "national" / "Местный_функц_классификация.csv")
    tree = _costs(_budget(folder / "national" / "Республиканский бюджет.csv"))
    ministry = tree[tree["name"].str.startswith(DIGITAL_MINISTRY) & tree["depth"].eq(3)]
    rows: dict[tuple[str, str, str], tuple[Decimal, Decimal]] = {}
    for function, sector in FUNCTIONS.items():
        whole, part = _sum(state, name=function), _sum(local, name=function)
        other = _sum(ministry[ministry["function"].eq(function)])
        for period in whole:
            own = _less(whole[period], part[period])
            if sector == "transport":
                own = _less(own, other.get(period, (Decimal(0), Decimal(0))))
            rows[f"{sector}.republican", "KZ", period] = own
            rows[f"{sector}.local", "KZ", period] = part[period]
    lines = {
        "water.republican": tree[tree["name"].eq(WATER) & tree["depth"].eq(2)],
        "innovation.republican": tree[tree["name"].eq(SCIENCE) & tree["depth"].eq(2)],
        "digital.republican": ministry[
            ~ministry["subfunction"].eq(SCIENCE) & ~ministry["function"].eq("Образование")
        ],
    }
    for line, table in lines.items():
        rows |= {(line, "KZ", period): pair for period, pair in _sum(table).items()}
    for region, name in REGION_FILES.items():
        costs = _costs(_budget(folder / "regions" / f"местный_бюджет_{name}.csv"))
        for function, sector in FUNCTIONS.items():
            chosen = costs[costs["name"].eq(function) & costs["depth"].eq(1)]
            pairs = _sum(chosen)
            rows |= {(f"{sector}.local", region, period): pairs[period] for period in pairs}
        pairs = _sum(costs[costs["name"].eq(WATER) & costs["depth"].eq(2)])
        rows |= {("water.local", region, period): pairs[period] for period in pairs}
    return [
        (*key, _plain(plan), _plain(actual))
        for key, (plan, actual) in rows.items()
        if key[2] in BUDGET_PERIODS
    ]


def _rows(table: pd.DataFrame) -> Iterator[dict[Any, Any]]:
    yield from table.to_dict("records")


def _budget(path: Path) -> pd.DataFrame:
    table = pd.read_csv(path, sep=";", dtype=str).fillna("")
    month = table["month"].str.split(".", expand=True)
    return table.assign(
        name=table["name"].str.strip(),
        level=table["level"].astype(int),
        period=month[1] + "-" + month[0].str.zfill(2),
    )


def _costs(table: pd.DataFrame) -> pd.DataFrame:
    """Return the nodes below "II. ЗАТРАТЫ" with their depth, function and subfunction."""
    found = []
    for _, month in table.groupby("period"):
        nodes = month.set_index(month["id"].astype(int))
        parent = nodes["parent_id"].replace("", "0").astype(float).astype(int)
        names = nodes["name"]
        chains = {}
        for node in nodes.index:
            chain = [node]
            while parent.get(chain[-1], 0):
                chain.append(int(parent[chain[-1]]))
            chains[node] = [names[one] for one in reversed(chain)]
        kept = [node for node, chain in chains.items() if chain[0].startswith("II. ЗАТРАТЫ")]
        found.append(
            nodes.loc[kept].assign(
                depth=[len(chains[node]) - 1 for node in kept],
                function=[(chains[node] + ["", ""])[1] for node in kept],
                subfunction=[(chains[node] + ["", "", ""])[2] for node in kept],
            )
        )
    return pd.concat(found, ignore_index=True)


def _sum(table: pd.DataFrame, name: str = "") -> dict[str, tuple[Decimal, Decimal]]:
    totals: dict[str, tuple[Decimal, Decimal]] = {}
    for row in _rows(table[table["name"].eq(name)] if name else table):
        plan, actual = totals.get(row["period"], (Decimal(0), Decimal(0)))
        totals[row["period"]] = (
            plan + _thousands(row["plgp"]),
            actual + _thousands(row["sumrg"]),
        )
    return totals


def _thousands(text: str) -> Decimal:
    return round(Decimal(text), 3)


def _less(
    whole: tuple[Decimal, Decimal], part: tuple[Decimal, Decimal]
) -> tuple[Decimal, Decimal]:
    return whole[0] - part[0], whole[1] - part[1]


def _plain(figure: Decimal) -> str:
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def write(name: str, heading: Iterable[str], rows: Iterable[tuple[str, ...]]) -> None:
    """Write a table of facts, sorted by all of its columns but the last."""
    with (FACTS / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heading)
        writer.writerows(sorted(rows))


def main() -> None:
    """Restate the files in the folder named on the command line."""
    folder = Path(sys.argv[1])
    write("figures.csv", ("indicator_id", "region_id", "period", "value"), figures(folder))
    write(
        "spending.csv",
        ("line", "region_id", "period", "plan", "actual"),
        spending(folder / "kz_budget"),
    )


if __name__ == "__main__":
    main()
