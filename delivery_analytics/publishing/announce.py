"""Hand on the alerts of a new edition: to their file, by mail, and to an address of the unit's.

Whatever cannot be reached stops no publish: it is told, and stands in ``reports/log/alerts``.
"""

import http.client
import json
import time
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from delivery_analytics.model.registry import Registry
from delivery_analytics.publishing import audit_log, mail
from delivery_analytics.publishing.alert_rules import AlertSettings
from delivery_analytics.publishing.alerts import VERSION, Alerts, tell
from delivery_analytics.publishing.editions import Edition

TRIES, PAUSE, SECONDS = 3, 1.0, 10.0


def announce(
    registry: Registry, edition: Edition, to: mail.Mail | None, settings: AlertSettings
) -> list[str]:
    """Tell of an edition that was not told of before; return what could not be reached."""
    told = tell(registry, edition)
    if told is None:
        return []
    log = registry.workspace.reports / audit_log.FOLDER / "alerts"
    url, language = settings.webhook, registry.prefers.languages[0]
    with audit_log.opened(log, datetime.now(UTC)) as note:
        tried = {"mail": mail.send(told, to) if to else None}
        tried |= {"webhook": post(told, url, language) if url else None}
        for channel, error in tried.items():
            if error is not None:
                note("told", edition=told.edition, channel=channel, error=error)
    return [error for error in tried.values() if error]


class _NowhereElse(HTTPRedirectHandler):
    """Follows no answer that sends elsewhere: only the address that was named is asked."""

    def redirect_request(self, *_: Any) -> None:
        return None


def post(alerts: Alerts, url: str, language: str) -> str:
    """Post alerts to `url` as JSON; return why it could not be done, nothing when it was."""
    text = "\n".join(alert.text[language] for alert in alerts.alerts)
    content = {"version": VERSION, "text": text, **asdict(alerts)}
    body = json.dumps(content, ensure_ascii=False, default=str).encode()
    opener = build_opener(ProxyHandler({}), _NowhereElse)
    failure: Exception | None = None
    for attempt in range(TRIES):
        time.sleep(PAUSE if attempt else 0)
        try:
            request = Request(url, body, {"Content-Type": "application/json; charset=utf-8"})  # noqa: S310  checked by AlertSettings
            with opener.open(request, timeout=SECONDS):
                return ""
        except (OSError, ValueError, http.client.HTTPException) as error:
            failure = error
    # Its path may hold a key, so only the server is named.
    return f"The alerts were not posted to {urlsplit(url).hostname} in {TRIES} tries: {failure}"
