"""What the charts are drawn from: worked by hand, small enough to be checked by eye."""

import pytest

from delivery_analytics.analytics import status
from delivery_analytics.wording.wording import open_wording
from tests.support.tables import dataset, registry

INDICATORS = """
    indicator_id     | direction | unit    | frequency
    health.births    | increase  | percent | annual
    health.mortality | decrease  | cases   | annual
    health.visits    | increase  | cases   | quarterly
    health.silent    | increase  | percent | annual
    education.kinder | increase  | percent | annual
"""
OBSERVED = """
    indicator_id     | region_id | period  | value | obs_status
    health.births    | KZ        | 2020    |    62 | normal
    health.births    | KZ        | 2021    |    64 | normal
    health.births    | KZ        | 2022    |       | missing
    health.births    | KZ        | 2023    |    70 | provisional
    health.births    | KZ        | 2024    |    75 | normal
    health.births    | KZ-10     | 2024    |       | missing
    health.births    | KZ-71     | 2024    |    81 | normal
    health.births    | KZ-75     | 2023    |    66 | normal
    health.mortality | KZ        | 2024    |    12 | normal
    health.visits    | KZ        | 2024-Q1 |   900 | normal
    health.visits    | KZ        | 2024-Q2 |  1000 | normal
    health.visits    | KZ        | 2024-Q4 |  1250 | normal
"""
TARGETS = """
    indicator_id     | due_on     | kind     | value | illustrative
    health.births    | 2020-12-31 | baseline |    60 | no
    health.births    | 2024-12-31 | interim  |    80 | no
    health.births    | 2030-12-31 | final    |   100 | yes
    health.mortality | 2020-12-31 | baseline |    20 | no
    health.mortality | 2028-12-31 | final    |     8 | no
    education.kinder | 2020-12-31 | baseline |    50 | no
    education.kinder | 2030-12-31 | final    |    90 | no
"""
SPENT = """
    sector_id | line_id | period  | plan | actual | cumulative
    health    | h1      | 2024-01 |  100 |     90 | yes
    health    | h1      | 2024-02 |  200 |    150 | yes
    health    | h2      | 2024-01 |   40 |        | yes
    health    | h2      | 2024-02 |   80 |        | yes
    education | e1      | 2024-01 |   50 |     50 | yes
    education | e1      | 2024-02 |  100 |    110 | yes
    energy    | x1      | 2024-02 |   70 |        | yes
"""
MILESTONES = """
    milestone_id | title        | owner | due_on     | expected_on | completed_on
    m1           | Build clinic | MoH   | 2024-12-01 | 2025-06-01  |
    m2           | Train nurses | MoH   | 2024-06-30 |             | 2024-06-20
    m3           | Open school  | MoE   | 2025-03-01 | 2025-05-01  |
    m4           | No day at all| MoE   |            |             |
"""
INSTRUCTIONS = """
    instruction_id | executor | due_on_original | due_on     | extensions | control
    i1             | MoH      | 2024-12-31      | 2024-12-31 |          0 | special
    i2             | MoH      | 2024-12-31      | 2025-01-26 |          1 | special
    i3             | MoE      | 2024-06-30      | 2024-06-30 |          0 | special
    i4             | MoE      | 2025-06-30      | 2025-06-30 |          0 | special
"""
REGIONS = """
    indicator_id  | region_id | period | value
    health.births | KZ        | 2022   |    60
    health.births | KZ        | 2023   |    61
    health.births | KZ        | 2024   |    62
    health.births | KZ-10     | 2022   |    50
    health.births | KZ-10     | 2023   |    51
    health.births | KZ-10     | 2024   |    52
    health.births | KZ-71     | 2022   |    80
    health.births | KZ-71     | 2024   |    70
"""
KNOWN = registry("""
    indicator_id     | direction | unit    | frequency
    health.births    | increase  | percent | annual
    health.mortality | decrease  | cases   | annual
""")


@pytest.fixture(scope="module")
def en():
    return open_wording("en")


@pytest.fixture(scope="module")
def data():
    return dataset(
        "2025-01-31",
        registry=registry(INDICATORS),
        observations=OBSERVED,
        targets=TARGETS,
        spending=SPENT,
        milestones=MILESTONES,
        instructions=INSTRUCTIONS,
    )


@pytest.fixture(scope="module")
def assessments(data):
    return status.assess(data)
