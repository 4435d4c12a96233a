"""A unit's own rules: past a bound, by a jump, by silence; and who hears of them, and how."""

import json
import threading
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from delivery_analytics.errors import DefinitionError
from delivery_analytics.model.workspace import Workspace
from delivery_analytics.publishing import announce, audit_log
from delivery_analytics.publishing.alert_rules import (
    AlertRule,
    AlertSettings,
    Silence,
    alert_settings,
    met,
)
from delivery_analytics.publishing.alerts import Alert, Alerts, new_alerts
from delivery_analytics.publishing.mail import MailPart
from tests.support.tables import dataset, registry

WORLD = registry("""
    indicator_id | direction | frequency | unit
    health.life  | increase  | monthly   | years
    energy.price | decrease  | quarterly | percent
""")
FIGURES = """
    indicator_id | region_id | period  | value | reported_on
    health.life  | KZ        | 2023-05 |    20 | 2023-06-10
    health.life  | KZ        | 2024-04 |    25 | 2024-05-10
    health.life  | KZ        | 2024-05 |    21 | 2024-06-10
    health.life  | KZ-71     | 2024-03 |    25 | 2024-05-10
    health.life  | KZ-71     | 2024-05 |     1 | 2024-06-10
    energy.price | KZ        | 2024-Q1 |    -4 | 2024-05-10
    energy.price | KZ        | 2024-Q2 |    -2 | 2024-07-10
"""
SOURCES = """
    source_id | sector_id | received_on
    a         | health    | 2024-05-10
    b         | energy    | 2024-07-10
"""


@pytest.fixture(scope="module")
def history():
    return dataset("2024-07-15", registry=WORLD, observations=FIGURES, sources=SOURCES)


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ({"when": "falls", "by": 16, "percent": True}, [("health.life", "KZ", "2024-05", -16)]),
        ({"when": "falls", "by": 16.1, "percent": True}, []),
        ({"when": "falls", "by": 4}, [("health.life", "KZ", "2024-05", -4)]),
        # The month before was not reported: against an earlier one nothing is said.
        ({"when": "falls", "by": 4, "region": "*"}, [("health.life", "KZ", "2024-05", -4)]),
        ({"when": "rises", "by": 5, "percent": True, "over": "year"}, [("health.life", "KZ", "2024-05", 5)]),
        # Of what is below zero, half of it up is 50 % up.
        ({"when": "rises", "by": 50, "percent": True}, [("energy.price", "KZ", "2024-Q2", 50)]),
        ({"when": "below", "by": 21, "region": "*", "indicator": "health.*"}, [("health.life", "KZ-71", "2024-05", -20)]),
        ({"when": "above", "by": 20.5, "indicator": ["health.life"]}, [("health.life", "KZ", "2024-05", 0.5)]),
    ],
)  # fmt: skip
def test_a_rule_is_met_by_the_latest_figure_alone(history, rule, found):
    given = {name: tuple(one) if isinstance(one, list) else one for name, one in rule.items()}
    rows = met(history.known_on("2024-07-15"), AlertRule(**given))

    assert [
        *rows[["indicator_id", "region_id", "period", "size"]].itertuples(index=False)
    ] == found


def test_what_a_rule_finds_is_said_once_in_three_languages(history):
    rules = AlertSettings(
        rule=(
            AlertRule("falls", 16, "health.life", percent=True),
            AlertRule("below", 22, "health.life"),
            AlertRule("above", 20, "health.life"),
        ),
        silence=(Silence(60),),
    )
    told = [
        one
        for one in new_alerts(history, since=date(2024, 6, 1), settings=rules)
        if one.kind in ("falls", "below", "above", "silent")
    ]

    # It was above 20 already, on the first of June.
    assert [(one.kind, one.subject_id) for one in told] == [
        ("falls", "health.life"),
        ("below", "health.life"),
        ("silent", "health"),
    ]
    assert [one.text["en"].replace("\u00a0", " ") for one in told] == [
        "health.life, KZ: down by 16.0%: 25.0 (April 2024), 21.0 (May 2024)",
        "health.life, KZ: 21.0 (May 2024), below the limit of 22.0",
        "health: nothing was received for 66 days; the last on 10 May 2024",
    ]
    assert "снижение на 16,0 %: 25,0 (апрель 2024 года)" in told[0].text["ru"].replace(
        "\u00a0", " "
    )
    assert "66 күн бойы ештеңе келіп түспеді" in told[2].text["kk"].replace("\u00a0", " ")
    again = new_alerts(history, since=date(2024, 7, 14), settings=rules)
    assert {"falls", "below", "above", "silent"} & {one.kind for one in again} == set()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[rule]]\nindicator = "health.lif"\nwhen = "above"\nby = 1', "no indicator 'health.lif'. Did you mean health.life"),
        ('[[rule]]\nwhen = "fals"\nby = 2', "Did you mean falls?"),
        ('[[rule]]\nwhen = "falls"', "rule.0.by: Field required"),
        ('[[rule]]\nwhen = "falls"\nby = 2\npercnt = true', "Did you mean percent?"),
        ('[[silence]]\ndays = 9\nsector = "helth"', "no sector 'helth'. Did you mean health?"),
        ('webhook = "file:///etc/passwd"', "webhook"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_meant_is_named_with_what_is_near(tmp_path, text, said):
    at = replace(WORLD, workspace=Workspace(tmp_path))
    assert alert_settings(at) == AlertSettings()
    at.workspace.definitions.mkdir(parents=True)
    (at.workspace.definitions / "alerts.toml").write_text(text)

    with pytest.raises(DefinitionError) as caught:
        alert_settings(at)
    assert said in str(caught.value)
    assert "alerts.toml" in str(caught.value)


TOLD = Alerts(
    "2024-07-15",
    date(2024, 7, 15),
    date(2024, 6, 30),
    (
        Alert("falls", "health.life", {"en": "It fell", "ru": "Снижение"}, "health", "KZ-71", ("Ministry", "Министерство")),
        Alert("silent", "energy", {"en": "Silent", "ru": "Тишина"}, "energy"),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("part", "heard"),
    [
        ({"sector": "energy"}, ["silent"]),
        ({"region": "KZ-71"}, ["falls"]),
        ({"body": "министерство"}, ["falls"]),
        ({"body": "Ministry", "region": "KZ-10"}, []),
        ({}, ["falls", "silent"]),
    ],
)
def test_a_body_and_a_region_hear_of_what_is_theirs(part, heard):
    assert [one.kind for one in MailPart(("a@b",), **part).of(TOLD).alerts] == heard


@pytest.fixture
def hook(monkeypatch):
    """A server that fails once, then takes what is posted; what it was sent."""
    taken = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            if self.path.startswith("/elsewhere"):
                self.send_response(307)
                self.send_header("Location", "/hook")
            else:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                taken.append(json.loads(body))
                self.send_response(503 if len(taken) == 1 else 204)
            self.end_headers()

        def log_message(self, *_):
            pass

    monkeypatch.setattr(announce, "PAUSE", 0.0)
    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", taken
    server.shutdown()
    server.server_close()


def test_alerts_are_posted_again_when_the_address_did_not_take_them(hook):
    url, taken = hook

    assert announce.post(TOLD, f"{url}/hook", "ru") == ""
    assert len(taken) == 2
    assert taken[1]["text"] == "Снижение\nТишина"
    assert [one["kind"] for one in taken[1]["alerts"]] == ["falls", "silent"]


def test_no_answer_sends_alerts_to_another_address(hook):
    url, taken = hook
    failure = announce.post(TOLD, f"{url}/elsewhere?key=secret", "en")

    assert "not posted to 127.0.0.1 in 3 tries" in failure
    assert "secret" not in failure
    assert taken == []


def test_what_was_told_and_what_could_not_be_stands_in_the_log(tmp_path, monkeypatch):
    at = replace(WORLD, workspace=Workspace(tmp_path))
    (tmp_path / "reports" / "log").mkdir(parents=True)
    monkeypatch.setattr(announce, "tell", lambda *_: TOLD)
    monkeypatch.setattr(announce, "PAUSE", 0.0)
    wanted = AlertSettings(webhook="http://127.0.0.1:1/hook")

    [failure] = announce.announce(at, None, None, wanted)
    [log] = (tmp_path / "reports" / "log" / "alerts").glob("*.jsonl")
    told, ended = audit_log.events(log)

    assert "not posted" in failure
    assert (told["channel"], told["edition"], told["error"]) == (
        "webhook",
        TOLD.edition,
        failure,
    )
    assert ended["ok"]
    assert audit_log.check_log(log) == []
