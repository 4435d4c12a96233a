from delivery_analytics import charts
from delivery_analytics.model import schema
from tests.support.charted import drawn


def test_a_cell_holds_the_shape_of_its_status(assessments, data, en):
    figure = charts.status_cells(data, en, assessments=assessments)
    cells = {
        (name, place): text for name, place, text in drawn(figure, "name", "place", "text")
    }

    assert cells["health.births", "KZ"].startswith("■")
    assert cells["health.mortality", "KZ"].startswith("●")
    assert figure.table["status"].isin(schema.STATUSES).all()
