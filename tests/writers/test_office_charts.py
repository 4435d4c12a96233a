"""The axis of values of a chart that an office program draws."""

import dataclasses
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery_analytics.report.figure import NativeChart, Series
from delivery_analytics.writers import office_charts, pptx, xlsx
from tests.support import office

FIGURES = st.floats(-1e12, 1e12).filter(lambda x: x == 0 or abs(x) > 1e-9)


def lines(*values, decimals=1):
    series = [Series("Observed", list(values))]
    return NativeChart("line", [str(n) for n in range(len(values))], series, "", decimals)


@given(st.lists(FIGURES, min_size=1, max_size=5), st.sampled_from([0, 1, 2]))
def test_no_two_ticks_of_a_native_axis_read_alike(values, decimals):
    axis = office_charts.value_axis(lines(*values, decimals=decimals))

    count = round((axis.high - axis.low) / axis.step)
    ticks = [axis.low + n * axis.step for n in range(count + 1)]
    labels = [f"{tick:.{axis.decimals}f}" for tick in ticks]
    assert 1 <= count <= 12
    assert len({*labels}) == len(labels)
    assert axis.low <= min(values)
    assert max(values) <= axis.high


@pytest.mark.parametrize(
    ("values", "decimals", "ends", "step", "written"),
    [
        # Seen: 5, 5, 4.9, 4.8, 4.8.
        ((4.78, 4.86, 4.9), 1, (4.75, 4.95), 0.05, 2),
        ((44_141, 44_142), 0, (44_140, 44_143), 1, 0),
        ((0, 55_000), 0, (0, 60_000), 20_000, 0),
        ((7.0,), 1, (0, 8), 2, 0),
    ],
)
def test_an_axis_ends_at_its_ticks(values, decimals, ends, step, written):
    axis = office_charts.value_axis(lines(*values, decimals=decimals))

    assert ((axis.low, axis.high), axis.step, axis.decimals) == (ends, step, written)


@pytest.mark.parametrize("writer", [pptx, xlsx])
def test_the_axis_and_a_sum_of_15_digits_stand_in_the_written_file(writer, tmp_path):
    figure = dataclasses.replace(office.line(), native=lines(4.78, 4.86, 0.1 + 4.8))
    path = tmp_path / "report"

    writer.write(office.report(figure), path)

    with zipfile.ZipFile(path) as package:
        texts = [
            package.read(name).decode() for name in package.namelist() if "charts/chart" in name
        ]
    [chart] = [text for text in texts if "<c:valAx>" in text]
    axis = chart[chart.index("<c:valAx>") :]
    found = {
        name: re.search(f'<c:{name} (?:val|formatCode)="([^"]+)"', axis)[1]
        for name in ("min", "max", "majorUnit", "numFmt")
    }
    # A slide's number format names the language that it is written by.
    assert found.pop("numFmt").removeprefix("[$-809]") == "#,##0.00"
    assert found == {"min": "4.75", "max": "4.95", "majorUnit": "0.05"}
    assert "4.8999999" not in chart
