"""The log says what a publish did, and notices when it was touched."""

import json
from datetime import UTC, datetime

import pytest

from delivery_analytics.errors import ReportError
from delivery_analytics.model.registry import open_registry
from delivery_analytics.publishing import audit_log
from delivery_analytics.publishing.publish import publish
from tests.publishing.test_publish import add_notebook, plain_workers, published, registry

__all__ = ["plain_workers", "registry"]
STARTED = datetime(2025, 7, 1, 6, tzinfo=UTC)


def written(folder, *events):
    with audit_log.opened(folder, STARTED) as note:
        for event, fields in events:
            note(event, **fields)
    [path] = folder.glob("*.jsonl")
    return path


def logs(registry):
    return sorted((registry.workspace / "reports" / "log").glob("*.jsonl"))


def test_every_report_of_a_publish_is_in_its_log(registry):
    made = published(registry)
    [path] = logs(registry)
    told = audit_log.events(path)

    assert audit_log.check_log(path) == []
    assert [one["event"] for one in told] == ["began", *["report"] * 3, "published", "ended"]
    assert {one["place"] for one in told[1:4]} == {
        report["place"] for report in made.manifest["content"]["reports"]
    }
    assert {one["outcome"] for one in told[1:4]} == {"made"}
    assert told[4]["edition"] == made.id
    assert told[5]["ok"] is True


def test_every_file_that_was_read_is_in_the_log_with_its_rows(example):
    registry, place = open_registry(example), "en/challenge/building_permits"

    def interrupt(what, done, of):
        if what == place:
            raise KeyError

    before = set(logs(registry))
    with pytest.raises(KeyError):
        publish(
            registry,
            formats=["html"],
            only=lambda report: report.place == place,
            force=True,
            progress=interrupt,
        )
    [path] = set(logs(registry)) - before
    files = [one for one in audit_log.events(path) if one["event"] == "file"]

    assert len(files) > 100
    assert all(
        one["rows_read"] == one["rows_kept"] + one["rows_quarantined"] + one["rows_skipped"]
        for one in files
    )
    assert audit_log.events(path)[-1] == audit_log.events(path)[-1] | {
        "event": "ended",
        "ok": False,
    }


def test_what_failed_and_what_was_not_made_again_is_told(registry):
    published(registry)
    add_notebook(registry.workspace, "10_national", "nation", "national", "1 / 0")
    with pytest.raises(ReportError):
        published(registry)
    told = [one for one in audit_log.events(logs(registry)[-1]) if one["event"] == "report"]

    assert sorted(one["outcome"] for one in told) == ["failed", "unchanged", "unchanged"]
    assert "ZeroDivisionError" in next(o["error"] for o in told if o["outcome"] == "failed")


def test_a_name_cannot_forge_a_line(tmp_path):
    name = 'x.xlsx"}\n{"event": "published"}\u2028\u202ecod.exe\x1b[2J'
    path = written(tmp_path, ("file", {"path": name}))
    text = path.read_text(encoding="utf-8")

    assert len(text.splitlines()) == len(path.read_bytes().split(b"\n")) - 1 == 2
    assert audit_log.events(path)[0]["path"] == name
    assert not {"\u2028", "\u202e", "\x1b"} & set(text)


@pytest.mark.parametrize("harm", ["change", "remove", "insert", "cut"])
def test_a_log_that_was_touched_is_noticed(tmp_path, harm):
    path = written(tmp_path, ("a", {"n": 1}), ("b", {"n": 2}), ("c", {"n": 3}))
    lines = path.read_bytes().splitlines(keepends=True)
    if harm == "change":
        lines[1] = lines[1].replace(b'"n": 2', b'"n": 9')
    elif harm == "remove":
        del lines[1]
    elif harm == "insert":
        lines.insert(1, json.dumps({"event": "x", "prev_sha256": "0"}).encode() + b"\n")
    else:
        del lines[-1]
    path.write_bytes(b"".join(lines))

    assert audit_log.check_log(path)


def test_an_error_that_ends_a_publish_is_its_last_line(tmp_path):
    with pytest.raises(KeyboardInterrupt), audit_log.opened(tmp_path, STARTED) as note:
        note("began")
        raise KeyboardInterrupt
    [path] = tmp_path.glob("*.jsonl")

    assert audit_log.events(path)[-1]["error"] == "KeyboardInterrupt: "
    assert audit_log.check_log(path) == []
