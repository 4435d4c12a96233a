from delivery_analytics import charts
from tests.support.charted import drawn


def test_statuses_are_counted_per_sector_and_the_title_adds_them_up(assessments, data, en):
    figure = charts.status_grid(data, en, assessments=assessments)

    assert figure.title == "1 of 2 indicators judged are achieved or on track, 1 off track"
    assert figure.table.loc[0, ["name", "on_track", "off_track", "indicators"]].tolist() == [
        "health", 1, 1, 4,
    ]  # fmt: skip
    assert set(drawn(figure, "name", "said", "count")) == {
        ("health", "On track", 1),
        ("health", "Off track", 1),
        ("health", "Not judged", 2),
        ("education", "Not judged", 1),
    }


def test_segments_lie_side_by_side_from_zero_best_first(assessments, data, en):
    figure = charts.status_grid(data, en, assessments=assessments)
    health = [
        row for row in drawn(figure, "name", "since", "until", "text") if row[0] == "health"
    ]

    assert health == [("health", 0, 1, "● 1"), ("health", 1, 2, "■ 1"), ("health", 2, 4, "○ 2")]


def test_a_legend_names_every_status_present_by_its_word(assessments, data, en):
    figure = charts.status_grid(data, en, assessments=assessments)

    assert [label for (label,) in drawn(figure, "legend")] == [
        "On track",
        "Off track",
        "Not judged",
    ]
