"""The ledger of runs: every edition there is, what was in it, and how long it took."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from delivery_analytics.publishing.editions import editions, latest, verify

COLUMNS = ("edition", "as_of", "started", "seconds", "reports", "made", "failed", "whole")


def runs(reports: Path, *, check: bool = False) -> pd.DataFrame:
    """Return the editions in a folder, the latest last.

    Parameters
    ----------
    reports
        The folder of editions, ``reports`` of a workspace.
    check
        Hold every file against its fingerprint; that reads them all.

    Returns
    -------
    DataFrame
        ``edition``, the folder's name; ``as_of``; ``started``, when it was published, as
        ISO text with its zone; ``seconds``; ``reports``, how many there are, ``made`` in
        that run and not copied from an earlier one, and ``failed``; ``latest``; and
        ``whole``, whether every file is as it was published, missing unless `check`.
    """
    newest = latest(reports)
    rows = []
    for one in editions(reports):
        manifest = one.manifest
        listed, run = manifest["content"]["reports"], manifest["run"]
        rows.append(
            {
                "edition": one.id,
                "as_of": pd.Timestamp(one.as_of),
                "started": run.get("started", ""),
                "seconds": float(run.get("seconds", float("nan"))),
                "reports": len(listed),
                "made": len(run.get("durations", {})),
                "failed": sum(bool(report.get("error")) for report in listed),
                "whole": not verify(one) if check else None,
                "latest": newest is not None and one.id == newest.id,
            }
        )
    return pd.DataFrame(rows, columns=[*COLUMNS, "latest"])
