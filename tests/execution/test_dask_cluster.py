"""A cluster makes what one machine makes, and loses nothing when its workers die."""

import os
import signal
import sys
import time
from dataclasses import replace

import pytest

from delivery_analytics.errors import DefinitionError, DeliveryAnalyticsError, ReportError
from delivery_analytics.execution import dask_cluster, remote_storage
from delivery_analytics.execution.dask_cluster import Cluster
from delivery_analytics.loading import load
from delivery_analytics.model.registry import open_registry
from delivery_analytics.publishing.editions import verify
from tests.publishing.test_publish import (
    add_notebook,
    plain_workers,
    published,
    registry,
    texts,
)
from tests.support import plain_workers as plain
from tests.support.buckets import bucket

__all__ = ["bucket", "plain_workers", "registry"]
distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")


@pytest.fixture(scope="module")
def running(bucket):
    """Two workers, each a process of its own, that are started again when they die."""
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        dashboard_address=None,
        host="127.0.0.1",
        silence_logs=50,
        preload=plain.__name__,
    ) as machines:
        yield machines


@pytest.fixture
def dask(running):
    return running.scheduler_address


def test_a_cluster_makes_what_one_machine_makes(dask, registry):
    here = published(registry)
    with Cluster(dask) as machines:
        assert machines.slots == 2
        there = published(registry, cluster=machines, force=True)
        built = machines.submit(lambda: "lark" in sys.modules).result(timeout=60)

    assert not built  # grammars, which take a machine seconds and which nobody asks for
    assert there == here  # the same content makes no second edition


def test_files_are_read_by_the_cluster_as_they_are_here(dask, example):
    everything = open_registry(example)
    sector = everything.sectors["water"]
    registry = replace(everything, sectors={"water": sector})
    here = load.load(registry)
    with Cluster(dask) as machines:
        there = load.load(registry, executor=machines)

    assert [one.outcome for one in there.files] == [one.outcome for one in here.files]
    for name in ("observations", "targets", "problems", "sources"):
        assert getattr(there.dataset, name).equals(getattr(here.dataset, name)), name


KILL = """\
import os, time
from pathlib import Path
once = Path(data_dir, f"killed-{sector}")
if not once.exists():
    once.touch()
    warm = Path(f"/proc/{os.getppid()}/stat").read_text().rpartition(")")[2].split()
    os.kill(int(warm[1]), 9)
    time.sleep(60)
"""


def test_a_worker_that_is_killed_while_it_makes_a_report_loses_nothing(
    dask, registry, record_property
):
    add_notebook(registry.workspace, "20_sector", "sector", "sector", KILL)
    with Cluster(dask) as machines:
        made = published(registry, cluster=machines)
    killed = len(list((registry.workspace / "data" / "processed").glob("killed-*")))
    record_property("tally", ("Dask workers killed, reports made all the same", 2, killed))

    assert killed == len(registry.sectors) == 2
    assert len(texts(made)) == 3
    assert verify(made) == []


def test_an_answer_that_has_come_is_not_made_again_when_its_machine_dies(
    running, dask, tmp_path
):
    ran = tmp_path / "ran"

    def leave_a_mark():
        with ran.open("a") as file:
            file.write("x")
        return os.getpid()

    with Cluster(dask) as machines:
        asked = machines.submit(leave_a_mark)
        os.kill(asked.result(timeout=30), signal.SIGKILL)
        time.sleep(0.5)
        running.wait_for_workers(2, timeout=120)  # a busy machine starts them slowly
        machines.submit(len, "a sign of life").result(timeout=30)
        time.sleep(0.5)

    assert ran.read_text() == "x"


@pytest.mark.long
def test_a_report_that_kills_every_worker_fails_alone(running, dask, registry, monkeypatch):
    monkeypatch.setattr(running.scheduler, "allowed_failures", 0)
    bad = next(iter(registry.sectors))
    fatal = KILL.replace("if not once.exists()", f"if sector == {bad!r}")
    add_notebook(registry.workspace, "20_sector", "sector", "sector", fatal)
    with Cluster(dask) as machines, pytest.raises(ReportError) as caught:
        published(registry, cluster=machines)

    assert "1 of 3 reports failed" in str(caught.value)
    assert f"en/sector/{bad}: It could not be run" in str(caught.value)


def test_a_machine_with_another_version_is_refused(dask, registry, monkeypatch):
    monkeypatch.setattr(dask_cluster, "code_fingerprint", lambda: "another")
    with Cluster(dask) as machines, pytest.raises(ReportError, match="another version"):
        published(registry, cluster=machines)


def test_a_cluster_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setattr(dask_cluster, "PATIENCE", 0.5)
    with pytest.raises(
        DefinitionError, match=r"No Dask cluster answers at tcp://127\.0\.0\.1:9"
    ):
        Cluster("tcp://127.0.0.1:9")


def test_a_cluster_that_all_machines_have_left_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(dask_cluster, "DESERTED", 0.5)
    monkeypatch.setattr(dask_cluster, "LOOK", 0.1)
    with (
        distributed.LocalCluster(
            n_workers=0, dashboard_address=None, host="127.0.0.1"
        ) as empty,
        Cluster(empty.scheduler_address) as machines,
    ):
        asked = machines.submit(len, "four")
        with pytest.raises(DeliveryAnalyticsError, match="the cluster has no machine left"):
            asked.result(timeout=20)
        with pytest.raises(DeliveryAnalyticsError, match="the cluster has no machine left"):
            machines.submit(len, "four")


@pytest.mark.long
def test_machines_that_share_no_folder_share_a_bucket(bucket, dask, registry):
    here = published(registry)
    with Cluster(dask, f"{bucket}/staging") as machines:
        there = published(registry, cluster=machines, force=True)

    assert there == here
    assert remote_storage._files(bucket)[0].find("unit/staging") == []


@pytest.mark.long
def test_what_was_staged_is_read_in_the_copy_and_not_where_it_came_from(bucket, dask, example):
    everything = open_registry(example)
    registry = replace(everything, sectors={"water": everything.sectors["water"]})
    here = load.load(registry)
    with Cluster(dask, f"{bucket}/staging") as machines:
        machines.stage(registry.workspace.root, ["data/definitions", "data/raw/water"])
        there = load.load(registry, executor=machines)

    assert there.dataset.observations.equals(here.dataset.observations)
    assert [one.path for one in there.files] == [one.path for one in here.files]
