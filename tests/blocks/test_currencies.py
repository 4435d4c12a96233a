"""Money of several currencies: each amount carries its own, and none are added."""

from delivery_analytics import blocks, charts
from delivery_analytics.briefing.brief import brief
from delivery_analytics.wording.wording import open_wording
from tests.support.tables import dataset, registry

WORDS = open_wording("en")
TWO = """
    line_id | sector_id | region_id | period  | unit | plan | actual | reported_on
    s.a     | s         | KZ        | 2024    | KZT  | 900  | 450    | 2025-01-20
    s.b     | s         | KZ        | 2024    | USD  | 100  | 99     | 2025-01-20
    s.c     | s         | KZ        | 2024    | KZT  | 100  | 50     | 2025-01-20
"""
REGION = """
    line_id | sector_id | region_id | period  | unit | plan | actual | reported_on
    s.a     | s         | KZ-10     | 2024    | KZT  | 900  | 450    | 2025-01-20
"""


def spent(drawn):
    return dataset("2025-01-31", registry=registry(), spending=drawn)


def test_each_row_names_its_currency_where_there_are_several():
    table = blocks.spending_lines(spent(TWO), WORDS)

    assert table.frame["unit"].tolist() == ["KZT", "USD", "KZT"]
    assert "Currency" in [column.label for column in table.columns]
    assert all(column.unit == "" for column in table.columns)


def test_a_table_of_one_currency_has_it_in_its_amounts():
    table = blocks.spending_lines(spent(REGION), WORDS)

    assert {column.unit for column in table.columns if column.kind == "money"} == {"KZT"}


def test_the_money_of_a_brief_is_of_one_currency_and_names_the_other():
    told = brief(spent(TWO), WORDS)

    assert told.spent == 0.5
    assert "USD" in told.money and "₸1,000" in told.money


def test_where_regions_alone_report_no_title_says_that_nothing_is_reported():
    figure = charts.spending_bars(spent(REGION), WORDS)

    assert "1 region, not for the country" in figure.title
