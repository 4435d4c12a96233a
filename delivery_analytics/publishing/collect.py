"""From what a notebook wrote to what an edition holds."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from delivery_analytics.execution.jobs import Outcome
from delivery_analytics.publishing.editions import editions
from delivery_analytics.publishing.manifest import Made
from delivery_analytics.publishing.plan import Planned

ASSETS = "assets"


def gather(one: Planned, outcome: Outcome, *, root: Path, reports: Path, day: date) -> Made:
    """Move a report's files to their place below `root`, or find the last good one instead.

    The last good one is looked for in the editions in `reports` up to the as-of day `day`.
    """
    forget_paths(outcome.job.output)
    if not outcome.ok:
        instead, known = _last_good(one, reports, day)
        return Made(one, {}, outcome.error, instead, known)
    files = {}
    for path in outcome.files:
        name = f"{one.place}{path.suffix}"
        move(path, root / name)
        files[path.suffix[1:]] = name
    return Made(one, files)


def move(path: Path, place: Path) -> Path:
    """Move a file to its place, with the shared folder that a page may have beside it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    shared = path.parent / ASSETS
    if shared.is_dir() and not (place.parent / ASSETS).exists():
        shared.rename(place.parent / ASSETS)
    return path.replace(place)


def forget_paths(executed: Path) -> None:
    """Leave only the names of the paths that papermill notes in an executed notebook."""
    if not executed.exists():
        return
    content = json.loads(executed.read_text(encoding="utf-8"))
    noted = content["metadata"].get("papermill", {})
    for key in ("input_path", "output_path"):
        noted[key] = Path(noted.get(key) or "").name
    executed.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _last_good(one: Planned, reports: Path, day: date) -> tuple[dict[str, str], date | None]:
    for before in reversed(editions(reports)):
        if before.as_of > day:
            continue
        for report in before.manifest["content"]["reports"]:
            if report["place"] == one.place and report["files"]:
                files = {end: f"../{before.id}/{name}" for end, name in report["files"].items()}
                return files, before.as_of
    return {}, None
