"""After an edition somebody hears of what is new and wrong, once, and in a language they read."""

import json
import socket
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from typer.testing import CliRunner

from delivery_analytics.analytics.status import assess
from delivery_analytics.cli.main import app
from delivery_analytics.errors import DefinitionError
from delivery_analytics.publishing import alerts, editions, mail
from delivery_analytics.publishing.alerts import Alert, Alerts
from delivery_analytics.wording.wording import open_wording
from tests.analytics.test_forecast import wavering
from tests.publishing.test_publish import add_notebook, plain_workers, published, registry

__all__ = ["plain_workers", "registry"]
DAY, SINCE = date(2024, 12, 31), date(2024, 6, 30)


@pytest.fixture(scope="module")
def history(example_data):
    return example_data.learned_by(str(DAY))


@pytest.fixture(scope="module")
def told(history):
    return alerts.new_alerts(history, since=SINCE, failed={"en/national": "In [3] 1/0: broke"})


def of(told, kind):
    return [one for one in told if one.kind == kind]


def test_what_is_red_now_and_was_not_before_is_told_and_nothing_else(history, told):
    red = [
        {
            (row.indicator_id, row.region_id)
            for row in rows.itertuples()
            if row.status == "off_track"
        }
        for rows in (assess(history.known_on(str(DAY))), assess(history.known_on(str(SINCE))))
    ]
    found = {(one.subject_id, one.region_id) for one in of(told, "turned_red")}

    assert found == red[0] - red[1]
    assert found


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_what_turned_red_and_is_foretold_to_recover_is_told_with_both(monkeypatch, language):
    data, judged = wavering(5, "off_track")
    known = {data.as_of: judged}
    monkeypatch.setattr(alerts, "assess", lambda one: known.get(one.as_of, judged.iloc[:0]))
    said = open_wording(language).disagreement("recovering", "2029")

    (one,) = of(alerts.new_alerts(data, since=SINCE), "turned_red")

    assert said in one.text[language]


def test_a_milestone_is_told_of_when_its_day_has_passed_and_not_again(history, told):
    found = {one.subject_id for one in of(told, "milestone_overdue")}
    again = alerts.new_alerts(history, since=DAY)

    assert found
    assert of(again, "milestone_overdue") == of(again, "turned_red") == []
    assert all(
        one.illustrative and "*" in one.text["en"] for one in of(told, "milestone_overdue")
    )


def test_a_sector_whose_figures_did_not_come_is_told_with_their_number(told):
    late = of(told, "return_late")

    assert late
    assert all("not received" in one.text["en"] for one in late)
    assert len({one.sector_id for one in late}) == len(late)


def test_a_report_that_failed_is_told_first_and_with_its_error(told):
    assert told[0].kind == "report_failed"
    assert told[0].text["ru"] == "Отчёт en/national не составлен: In [3] 1/0: broke"


def test_every_alert_says_the_same_in_three_languages(told):
    assert all(set(one.text) == {"en", "ru", "kk"} for one in told)
    assert all(len(set(one.text.values())) == 3 for one in told)


def test_the_file_holds_the_alerts_of_the_latest_edition_and_an_edition_is_told_of_once(
    registry,
):
    made = published(registry)
    first = alerts.tell(registry, made)
    path = registry.workspace / "reports" / alerts.FILE
    content = json.loads(path.read_text(encoding="utf-8"))

    assert first is not None
    assert content["version"] == 1
    assert (content["edition"], content["as_of"]) == (made.id, "2025-06-30")
    assert alerts.tell(registry, made) is None
    assert editions.latest(registry.workspace / "reports") == made


ONE = Alerts(
    "2025-01-31",
    date(2025, 1, 31),
    date(2024, 12, 31),
    (
        Alert("turned_red", "a.b", dict.fromkeys(("en", "ru", "kk"), "<b>Beds</b>\nBcc: x@y")),
        Alert("return_late", "c", dict.fromkeys(("en", "ru", "kk"), "Су"), illustrative=True),
    ),
)


class Box:
    """Keeps what a mail server is sent."""

    def __init__(self):
        self.mails, self.logins = [], []

    def login(self, server, session, envelope, mechanism, data):
        self.logins.append((data.login, data.password))
        return AuthResult(success=True)

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope)
        return "250 OK"


@pytest.fixture
def box():
    held = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        held.port = free.getsockname()[1]
    server = Controller(
        held,
        hostname="127.0.0.1",
        port=held.port,
        authenticator=held.login,
        auth_require_tls=False,
    )
    server.start()
    yield held
    server.stop()


def a_mail(port=25, **more):
    return mail.Mail(
        "127.0.0.1", "unit@office.example", ("lead@office.example",), port, "none", **more
    )


def test_the_summary_arrives_in_both_forms_and_nothing_in_it_is_markup(box):
    assert mail.send(ONE, a_mail(box.port, language="ru", link="//share/reports/")) == ""
    [envelope] = box.mails
    got = message_from_bytes(envelope.content, policy=policy.default)
    text = got.get_body(["plain"]).get_content()
    page = got.get_body(["html"]).get_content()

    assert got["Subject"] == "2\u00a0уведомления в выпуске на 31 января 2025\u00a0года"
    assert envelope.rcpt_tos == ["lead@office.example"]
    assert got["Bcc"] is None
    assert "• Су" in text
    assert "//share/reports/2025-01-31/index.html" in text
    assert "&lt;b&gt;Beds&lt;/b&gt;" in page
    assert "<b>" not in page


def test_a_server_that_does_not_answer_is_told_and_raises_nothing():
    said = mail.send(ONE, a_mail(1))

    assert said.startswith("The summary was not sent to 127.0.0.1:1: ")


@pytest.mark.parametrize("harm", ["host", "password"])
def test_letters_that_a_server_cannot_be_told_are_told_and_raise_nothing(
    box, monkeypatch, harm
):
    monkeypatch.setenv(mail.PASSWORD, "пароль")
    host = "mail..example" if harm == "host" else "127.0.0.1"
    said = mail.send(ONE, replace(a_mail(box.port, user="unit"), host=host))

    assert said.startswith(f"The summary was not sent to {host}:")
    assert "пароль" not in said
    assert box.mails == []


def test_the_password_comes_from_the_environment(box, monkeypatch):
    monkeypatch.setenv(mail.PASSWORD, "open sesame")

    assert mail.send(ONE, a_mail(box.port, user="unit")) == ""
    assert box.logins == [(b"unit", b"open sesame")]
    assert len(box.mails) == 1


def test_a_long_list_is_cut_and_says_so():
    many = Alerts(ONE.edition, ONE.as_of, ONE.since, ONE.alerts * 40)
    text = mail.message(many, a_mail()).get_body(["plain"]).get_content()

    assert "And 30 more." in text


def test_an_edition_with_nothing_wrong_says_so():
    calm = Alerts(ONE.edition, ONE.as_of, ONE.since)

    assert (
        "No new red statuses" in mail.message(calm, a_mail()).get_body(["plain"]).get_content()
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('host = "a"', "sender: Field required"),
        ('host = "a"\nsender = "a@b"\nto = ["c@d\\nBcc: e@f"]', "to.0"),
        ('host = "a"\nsender = "a@b"\nto = ["c@d"]\npassword = "x"', "password"),
        ("host =", "mail.toml: "),
    ],
)
def test_a_wrong_setting_is_named(registry, text, said):
    (registry.workspace / "data" / "definitions" / "mail.toml").write_text(
        text, encoding="utf-8"
    )

    with pytest.raises(DefinitionError) as caught:
        mail.mail_settings(registry.workspace)
    assert said in str(caught.value)


def test_without_a_setting_no_mail_is_wanted(registry):
    assert mail.mail_settings(registry.workspace) is None


def test_publishing_tells_of_a_failure_by_file_and_mail_once(registry, box):
    definitions = registry.workspace / "data" / "definitions"
    (definitions / "mail.toml").write_text(
        f'host = "127.0.0.1"\nport = {box.port}\nsecurity = "none"\n'
        'sender = "a@b.example"\nto = ["c@d.example"]\n',
        encoding="utf-8",
    )
    add_notebook(registry.workspace, "10_national", "nation", "national", "1 / 0")
    command = ["--workspace", str(registry.workspace), "publish", "--format", "html"]
    command += ["--as-of", "2025-06-30"]
    runs = [CliRunner().invoke(app, command) for _ in range(2)]
    [told] = json.loads((registry.workspace / "reports" / "alerts.json").read_text())["alerts"]

    assert {type(run.exception).__name__ for run in runs} == {"ReportError"}
    assert told["kind"] == "report_failed"
    assert len(box.mails) == 1


def test_a_mistake_in_the_settings_of_mail_is_told_before_anything_is_published(registry):
    definitions = registry.workspace / "data" / "definitions"
    (definitions / "mail.toml").write_text('host = "a"\n', encoding="utf-8")
    run = CliRunner().invoke(app, ["--workspace", str(registry.workspace), "publish"])

    assert isinstance(run.exception, DefinitionError)
    assert editions.editions(registry.workspace / "reports") == []


def test_a_mail_that_cannot_be_sent_fails_no_publish(registry):
    definitions = registry.workspace / "data" / "definitions"
    (definitions / "mail.toml").write_text(
        'host = "127.0.0.1"\nport = 1\nsecurity = "none"\nsender = "a@b"\nto = ["c@d"]\n',
        encoding="utf-8",
    )
    command = ["--workspace", str(registry.workspace), "publish", "--format", "html"]
    command += ["--as-of", "2025-06-30"]
    run = CliRunner().invoke(app, command)

    assert run.exit_code == 0, run.output
    assert "The summary was not sent" in run.stderr


def test_the_command_says_what_is_new(published, example):
    shown = CliRunner().invoke(app, ["--workspace", str(example), "alerts", "--language", "ru"])
    listed = CliRunner().invoke(
        app, ["--workspace", str(example), "alerts", "--format", "json"]
    )

    assert shown.exit_code == 0, shown.output
    assert shown.output.startswith(f"{published.id}, compared with ")
    assert len(json.loads(listed.output)) == len(shown.output.splitlines()) - 1
