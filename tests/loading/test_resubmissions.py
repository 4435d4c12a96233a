"""A corrected return supersedes the one it corrects, by its name and never by its time."""

import os
from datetime import date

import pytest

import delivery_analytics as da
from delivery_analytics.errors import DefinitionError, Problem
from delivery_analytics.loading.results import submission
from delivery_analytics.model.registry import open_registry
from tests.support.workbooks import workspace, write

DAY = date(2025, 1, 20)
HEAD = ["code", "period", "target", "actual", "as_of"]


def sent(tmp_path, pattern, files):
    folder = workspace(tmp_path)
    path = folder / "data" / "definitions" / "sectors" / "health.toml"
    declared = f"resubmitted = '{pattern}'\n" if pattern else ""
    path.write_text(declared + path.read_text("utf-8"), "utf-8")
    for number, (name, rows) in enumerate(files.items()):
        file = folder / "data" / "raw" / "health" / name
        write(file, HEAD, *rows)
        os.utime(file, (10**9 - number, 10**9 - number))  # the later ones look older
    return folder


def row(value, code="H-001", day=DAY):
    return [code, "2024", 40, value, day]


def figures(loaded):
    rows = loaded.dataset.observations
    return sorted(
        (r.indicator_id, f"{r.reported_on:%m-%d}", r.value) for r in rows.itertuples()
    )


def lawful(loaded):
    rows = loaded.dataset.sources
    accounted = rows["rows_kept"] + rows["rows_quarantined"] + rows["rows_skipped"]
    return (rows["rows_read"] == accounted).all()


NAMES = [
    (r"_v(\d+)", ["return.xlsx", "return_v2.xlsx", "return_v10.xlsx"]),
    (r"\(испр\.?\s*(\d*)\)", ["return.xlsx", "return (испр.).xlsx", "return (испр. 2).xlsx"]),
    (
        r"_(\d{4}-\d{2}-\d{2})",
        ["return_2025-01-09.xlsx", "return_2025-01-31.xlsx", "return_2025-02-01.xlsx"],
    ),
    (
        r" от (\d{2}\.\d{2}\.\d{4})",
        ["return от 31.01.2025.xlsx", "return от 01.02.2025.xlsx", "return от 02.02.2025.xlsx"],
    ),
    (r"_(\d{8})", ["return.xlsx", "return_20250131.xlsx", "return_20250201.xlsx"]),
]


@pytest.mark.parametrize(("pattern", "names"), NAMES)
def test_the_latest_by_name_is_kept_and_what_it_replaced_is_listed(tmp_path, pattern, names):
    first, second, third = names
    folder = sent(
        tmp_path,
        pattern,
        {
            first: [row(31), row(80, "H-002")],
            third: [row(33), row(82, "H-002")],
            second: [row(32), row(81, "H-002")],
        },
    )

    loaded = da.load(open_registry(folder))

    assert figures(loaded) == [
        ("health.clinics", "01-20", 33),
        ("health.vaccination", "01-20", 82),
    ]
    assert loaded.dataset.targets["source_id"].nunique() == 1
    told = loaded.problems.query("code == 'row.superseded'")
    assert set(told["file"].str.rpartition("/")[2]) == {first, second}
    assert told["cell"].str.match(r"[A-D][23]").all()
    assert third in told["message"].iloc[0]
    assert not loaded.problems["severity"].eq("error").any()
    assert lawful(loaded)


def test_a_correction_of_another_day_is_a_revision_and_both_days_stay(tmp_path):
    files = {"return.xlsx": [row(31)], "return_v2.xlsx": [row(32, day=date(2025, 2, 1))]}
    loaded = da.load(open_registry(sent(tmp_path, r"_v(\d+)", files)))

    assert figures(loaded) == [("health.clinics", "01-20", 31), ("health.clinics", "02-01", 32)]


def test_a_row_that_the_correction_left_out_is_replaced_as_well(tmp_path):
    files = {"return.xlsx": [row(31), row(80, "H-002")], "return_v2.xlsx": [row(32)]}
    loaded = da.load(open_registry(sent(tmp_path, r"_v(\d+)", files)))

    assert figures(loaded) == [("health.clinics", "01-20", 32)]
    assert len(loaded.problems.query("code == 'row.superseded'")) == 2
    assert lawful(loaded)


def test_returns_of_other_names_do_not_correct_each_other(tmp_path):
    files = {"north.xlsx": [row(31)], "south_v2.xlsx": [row(80, "H-002")]}
    loaded = da.load(open_registry(sent(tmp_path, r"_v(\d+)", files)))

    assert len(figures(loaded)) == 2


@pytest.mark.parametrize("names", [("a.xlsx", "a_v2.xlsx"), ("a_v2.xlsx", "b_v2.xlsx")])
def test_without_a_sign_that_is_declared_it_stays_a_contradiction_that_says_what_to_declare(
    tmp_path, names
):
    pattern = "" if names[0] == "a.xlsx" else r"_v(\d+)"
    folder = sent(tmp_path, pattern, {names[0]: [row(31)], names[1]: [row(32)]})
    loaded = da.load(open_registry(folder))

    assert figures(loaded) == []
    [problem] = loaded.problems.query("code == 'file.correction-undeclared'").itertuples()
    assert names[0] in problem.message
    assert r"resubmitted = '_v(\d+)'" in problem.message


def test_a_correction_that_comes_and_goes_gives_what_reading_everything_gives(tmp_path):
    files = {"return.xlsx": [row(31), row(80, "H-002")], "return_v2.xlsx": [row(32)]}
    folder = sent(tmp_path, r"_v(\d+)", files)
    later = folder / "data" / "raw" / "health" / "return_v2.xlsx"
    content, processed = later.read_bytes(), folder / "data" / "processed"
    seen = []
    for there in (False, True, True, False):
        later.write_bytes(content) if there else later.unlink(missing_ok=True)
        loaded = da.load(open_registry(folder), previous=processed, without_gone=True)
        loaded.save()
        assert figures(loaded) == figures(da.load(open_registry(folder)))
        assert lawful(loaded)
        seen.append(len(figures(loaded)))

    assert seen == [2, 1, 1, 2]


def test_what_is_no_number_and_no_day_is_told():
    assert submission("_(corrected|final)", "a_final.xlsx").code == "file.name-unknown"
    assert submission(r"_v(\d+)", "A_v2.XLSX") == ("a", 2)


def test_a_pattern_that_is_none_is_refused(tmp_path):
    with pytest.raises(DefinitionError, match=r"health\.toml, resubmitted: "):
        open_registry(sent(tmp_path, "_v(", {}))


def test_a_pattern_of_corrections_that_would_not_end_is_told():
    told = submission("(a+)+$", f"{'a' * 40}!.xlsx")

    assert isinstance(told, Problem)
    assert told.code == "file.name-unknown" and "seconds" in told.message
