"""A workspace behind an address works as one in a folder, and never leads out of it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from delivery_analytics.cli.main import app
from delivery_analytics.errors import DefinitionError, StorageError
from delivery_analytics.execution import remote_storage
from tests.publishing.test_publish import published, registry
from tests.support.buckets import bucket

__all__ = ["bucket", "registry"]


@pytest.fixture
def there(bucket, registry, tmp_path, monkeypatch):
    """The address of a workspace in the store; its copies are kept in a folder of the test."""
    url = f"{bucket}/{tmp_path.name}"
    remote_storage.send_back(registry.workspace.root, url)
    monkeypatch.setattr(remote_storage, "copy_of", lambda url: tmp_path / "copy")
    return url


def test_what_is_sent_is_fetched_and_only_what_changed_is_fetched_again(there, tmp_path):
    copy = remote_storage.fetch(there, tmp_path / "copy")
    kept = copy / "data" / "definitions" / "units.toml"
    first = kept.stat().st_mtime_ns
    files, root = remote_storage._files(there)
    files.pipe_file(f"{root}/data/definitions/regions.csv", b"other")
    files.rm_file(f"{root}/data/definitions/packs.toml")
    remote_storage.fetch(there, copy)

    assert kept.stat().st_mtime_ns == first
    assert (copy / "data/definitions/regions.csv").read_text() == "other"
    assert not (copy / "data/definitions/packs.toml").exists()


def test_an_edition_is_published_to_the_address_of_its_workspace(there):
    command = ["--workspace", there, "publish", "--format", "html", "--as-of", "2025-06-30"]
    first = CliRunner().invoke(app, command)
    again = CliRunner().invoke(app, command)
    files, root = remote_storage._files(there)
    files.invalidate_cache()
    found = {path.removeprefix(f"{root}/") for path in files.find(root)}
    manifest = json.loads(files.cat_file(f"{root}/reports/2025-06-30/manifest.json"))

    assert first.exit_code == again.exit_code == 0, first.output
    assert f"Published {there}/reports/2025-06-30/index.html" in first.output
    assert {f"reports/2025-06-30/{name}" for name in manifest["content"]["files"]} <= found
    assert json.loads(files.cat_file(f"{root}/reports/latest.json")) == {
        "edition": "2025-06-30"
    }
    assert "data/processed/manifest.json" in found
    assert not [name for name in found if "-r2" in name]


def test_another_edition_of_that_name_is_not_overwritten(bucket, registry, tmp_path):
    url = f"{bucket}/{tmp_path.name}/reports"
    made = published(registry)
    remote_storage.send_edition(made.folder, url)
    manifest = made.folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace("2025-06-30", "2025-07-31"))

    with pytest.raises(DefinitionError, match="has another edition 2025-06-30"):
        remote_storage.send_edition(made.folder, url)


def test_an_edition_is_there_whole_or_without_its_manifest(bucket, registry, monkeypatch):
    made = published(registry)
    files, _ = remote_storage._files(f"{bucket}/torn")
    sent = []

    async def put(path, place, **options):
        sent.append(place)
        if len(sent) == 3:
            raise OSError("the line broke")

    monkeypatch.setattr(files, "_put_file", put)
    with pytest.raises(StorageError, match="the line broke"):
        remote_storage.send_edition(made.folder, f"{bucket}/torn")

    assert len(sent) >= 3
    assert not [place for place in sent if place.endswith("manifest.json")]


def test_a_name_that_leads_out_is_refused(tmp_path, monkeypatch):
    import fsspec

    memory = fsspec.filesystem("memory")
    monkeypatch.setattr(
        memory, "find", lambda *_, **__: {"/unit/../../evil": {"size": 1}}, raising=False
    )
    monkeypatch.setattr(remote_storage, "_files", lambda _: (memory, "/unit"))

    with pytest.raises(DefinitionError, match="leads out of the folder"):
        remote_storage.fetch("memory://unit", tmp_path / "copy")
    assert not list(tmp_path.rglob("evil"))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("s3://unit/none", "There is nothing at"),
        ("nosuch://unit", "cannot be used: Protocol not known: nosuch"),
    ],
)
def test_a_wrong_address_is_told_in_a_sentence(bucket, url, said):
    shown = CliRunner().invoke(app, ["--workspace", url, "status"])

    assert isinstance(shown.exception, DefinitionError)
    assert said in str(shown.exception)


def test_a_drive_is_no_address():
    assert remote_storage.is_url("s3://unit/x")
    assert not remote_storage.is_url("C:\\unit")
    assert not remote_storage.is_url(str(Path("unit")))
