"""The summary of an edition by mail: off unless ``data/definitions/mail.toml`` says where.

Speaks to the mail server named there, and to no other. A
password comes from the environment, never from a file.
"""

import os
import smtplib
import ssl
from dataclasses import replace
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from markupsafe import Markup, escape
from pydantic import Field
from pydantic.dataclasses import dataclass

from delivery_analytics.model.building import build_definition, read_toml
from delivery_analytics.model.languages import Language
from delivery_analytics.model.lookup import mistake
from delivery_analytics.model.sheet_definitions import STRICT
from delivery_analytics.publishing.alerts import Alert, Alerts
from delivery_analytics.wording.wording import open_wording

FILE = "mail.toml"
PASSWORD = "DELIVERY_SMTP_PASSWORD"  # noqa: S105  the name of a variable
SECONDS = 20.0
MOST = 50  # alerts in one mail; the file has them all
Address = Annotated[str, Field(pattern=r"^[^\s<>,;\x00-\x1f]+@[^\s<>,;\x00-\x1f]+$")]


@dataclass(frozen=True, config=STRICT)
class MailPart:
    """Who hears of a part of the alerts alone, and only when there are some.

    Attributes
    ----------
    sector, region
        Whose alerts, by id. As ``region = "KZ-71"``.
    body
        The body that answers for them, by its id in ``bodies.csv`` or its name in any
        language. As ``body = "Ministry of Health"``.
    language
        Otherwise that of the whole summary.
    """

    to: Annotated[tuple[Address, ...], Field(min_length=1)]
    sector: str = ""
    region: str = ""
    body: str = ""
    language: Language | None = None

    def of(self, alerts: Alerts) -> Alerts:
        """Return its part of the alerts."""

        def is_own(one: Alert) -> bool:
            owners = "", *(name.casefold() for name in one.owners)
            is_there = self.sector in ("", one.sector_id) and self.region in ("", one.region_id)
            return is_there and self.body.casefold() in owners

        return replace(alerts, alerts=[*filter(is_own, alerts.alerts)])


@dataclass(frozen=True, config=STRICT)
class Mail:
    """Where the summary goes.

    Attributes
    ----------
    security
        ``starttls``, ``tls`` from the first byte, or ``none`` inside an office.
    user
        To log in with; its password is in the variable ``DELIVERY_SMTP_PASSWORD``.
    part
        Who else hears of a part of them, as a table ``[[part]]`` each.
    link
        Where readers find the editions, such as ``\\\\\\\\share\\\\reports``.
    """

    host: str
    sender: Address
    to: Annotated[tuple[Address, ...], Field(min_length=1)]
    port: Annotated[int, Field(gt=0, lt=65536)] = 25
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    language: Language = "en"
    link: str = ""
    part: tuple[MailPart, ...] = ()


def mail_settings(workspace: Path) -> Mail | None:
    """Return what the workspace says of mail; ``None`` when it wants none.

    Raises
    ------
    DefinitionError
        When the file is not what it must be.
    """
    path = workspace / "data" / "definitions" / FILE
    if not path.exists():
        return None
    told = read_toml(path)
    if "password" in told:  # whose value no message may repeat
        raise mistake("password-in-file", path=path, variable=PASSWORD)
    settings: Mail = build_definition(Mail, told, path)
    return settings


def message(alerts: Alerts, mail: Mail) -> EmailMessage:
    """Return the summary as a mail, in plain text and as a page, in the reader's language."""
    words = open_wording(mail.language)
    subject = words.plural(
        "{n} alert in the edition of {date}",
        "{n} alerts in the edition of {date}",
        len(alerts.alerts),
        date=words.date(alerts.as_of),
    )
    lines = [" ".join(alert.text[mail.language].split()) for alert in alerts.alerts[:MOST]]
    if (more := len(alerts.alerts) - MOST) > 0:
        lines.append(words("And {n} more.", n=words.number(more, strip=True)))
    lines = lines or [words("No new red statuses, delays or failures.")]
    ends = [words("Compared with {date}.", date=words.date(alerts.since))]
    if any(alert.illustrative for alert in alerts.alerts):
        ends.append(words("Marked *: illustrative, not official."))
    if mail.link:
        ends.append(f"{mail.link.rstrip('/')}/{alerts.edition}/index.html")
    out = EmailMessage()
    out["Subject"], out["From"], out["To"] = subject, mail.sender, ", ".join(mail.to)
    out.set_content("\n".join([*(f"• {line}" for line in lines), "", *ends, ""]))
    items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
    rest = Markup("<br>").join(map(escape, ends))
    page = Markup('<html lang="{}"><body><ul>{}</ul><p>{}</p></body></html>')
    out.add_alternative(str(page.format(mail.language, items, rest)), subtype="html")
    return out


def send(alerts: Alerts, mail: Mail) -> str:
    """Send the summary; return why it could not be sent, nothing when it was."""
    try:
        context = ssl.create_default_context()
        is_tls = mail.security == "tls"
        to = partial(smtplib.SMTP_SSL, context=context) if is_tls else smtplib.SMTP
        with to(mail.host, mail.port, timeout=SECONDS) as server:
            if mail.security == "starttls":
                server.starttls(context=context)
            if mail.user:
                server.login(mail.user, os.environ.get(PASSWORD, ""))
            server.send_message(message(alerts, mail))
            for part in mail.part:
                if (own := part.of(alerts)).alerts:
                    language = part.language or mail.language
                    to_part = replace(mail, to=part.to, language=language)
                    server.send_message(message(own, to_part))
    except (OSError, ValueError, smtplib.SMTPException) as error:
        # ValueError: a host, an address or a password whose letters the server cannot be told
        return f"The summary was not sent to {mail.host}:{mail.port}: {error}"
    return ""
