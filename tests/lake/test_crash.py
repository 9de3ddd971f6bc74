"""A writer may die at any moment; a second one may come; readers never notice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from entrepot.errors import LakeBusy
from entrepot.lake import open_lake
from entrepot.origin import Origin
from tests.lake.made import (
    AT,
    cell,
    content,
    environment,
    file_of,
    new_lake,
    put,
    relation,
    run_python,
    values,
)

STEPS = [
    "opened",
    "snapshot",
    "write",
    "sort",
    "supersede",
    "coverage",
    "promote snapshots",
    "promote data",
    "write version",
    "switch current",
]

DIE = """
import os, signal, sys
from pathlib import Path
from entrepot.lake import open_lake
from tests.lake.made import cell, put
def die(name):
    if name == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)
put(open_lake(Path(sys.argv[1])), "b", cell(value=2.0), cell("2021-02"), cell("2022-01"), on_step=die)
"""

MANY = """
import sys
from pathlib import Path
from entrepot.lake import open_lake
from tests.lake.made import cell, put
lake = open_lake(Path(sys.argv[1]))
print("ready", flush=True)
for number in range(1000):
    put(lake, f"n{number}", cell(value=float(number)), cell("2022-01", float(number)))
"""

HOLD = """
import sys
from pathlib import Path
from entrepot.lake import open_lake
with open_lake(Path(sys.argv[1])).stage("flows", at="2024-01-01T00:00:00Z"):
    print("held", flush=True)
    sys.stdin.read()
"""

FULL = """
import resource, sys
from pathlib import Path
from entrepot.errors import LakeError
from entrepot.lake import open_lake
from tests.lake.made import cell, put
lake = open_lake(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    many = (cell(f"20{y:02}-01", i * 1.37, partner_iso3=f"P{i}") for y in range(4) for i in range(3000))
    put(lake, "b", *many)
except LakeError as error:
    print(error)
"""


def test_steps_are_those_of_a_commit(tmp_path: Path) -> None:
    seen: list[str] = []
    put(new_lake(tmp_path), "a", cell(), on_step=seen.append)
    assert seen == [*STEPS, "clean"]


@pytest.mark.parametrize("step", STEPS)
def test_a_writer_killed_at_any_step_leaves_the_old_version(tmp_path: Path, step: str) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell(value=1.0))
    before = content(lake)
    assert run_python(DIE, lake.path, step).returncode == -signal.SIGKILL
    assert values(open_lake(lake.path)) == [("2021-01", 1.0)] and len(lake.verify()) == 0
    with lake.stage("flows", at=AT):
        pass
    assert content(lake) == before


def test_a_writer_killed_after_the_switch_leaves_the_new_version(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell(value=1.0))
    run_python(DIE, lake.path, "clean")
    assert values(lake) == [("2021-01", 2.0), ("2021-02", 1.0), ("2022-01", 1.0)]
    put(lake, "c", cell(value=3.0))
    assert not list((lake.path / "stage").iterdir()) and len(lake.verify()) == 0


def test_a_writer_killed_at_a_random_moment_leaves_whole_versions(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    rng = random.Random(1)
    for _ in range(4):
        child = subprocess.Popen(
            [sys.executable, "-c", MANY, str(lake.path)], env=environment(), stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None and child.stdout.readline() == "ready\n"
        time.sleep(rng.uniform(0.05, 0.4))
        child.kill()
        child.wait()
        child.stdout.close()
        found = values(lake)
        assert len(lake.verify()) == 0
        assert found == [] or (len(found) == 2 and found[0][1] == found[1][1])


def test_the_writer_after_a_killed_one_goes_on(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    run_python(DIE, lake.path, "write version")
    put(lake, "b", cell(value=9.0))
    assert values(lake) == [("2021-01", 9.0)] and lake.version().version == 1
    assert not list((lake.path / "stage").iterdir()) and len(lake.verify()) == 0


def test_a_second_writer_hears_who_holds_the_lake_and_since_when(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lake.path)],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None and child.stdout.readline() == "held\n"
    with pytest.raises(LakeBusy, match=rf"process {child.pid} writes to this lake since 20\d\d-"):
        put(lake, "b", cell())
    child.kill()
    child.communicate()
    assert put(lake, "b", cell()).version == 1


def test_two_writers_of_one_process_exclude_each_other(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    with lake.stage("flows", at=AT), pytest.raises(LakeBusy, match=str(os.getpid())):
        put(lake, "b", cell())
    assert put(lake, "b", cell()).version == 1


def test_a_reader_keeps_its_version_through_a_commit(tmp_path: Path) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell(value=1.0))
    seen: list[list[tuple[str, float | None]]] = []
    with lake.engine() as reader:
        put(lake, "b", cell(value=2.0), on_step=lambda step: seen.append(values(lake)))
        assert reader.rows("SELECT value FROM flows") == [(1.0,)]
    assert seen[:-1] == [[("2021-01", 1.0)]] * (len(seen) - 1)
    assert values(lake) == [("2021-01", 2.0)]


@pytest.mark.parametrize("size", [1, 100, 2000, 20_000])
def test_a_full_disk_leaves_the_old_version_and_is_said(tmp_path: Path, size: int) -> None:
    lake = new_lake(tmp_path)
    put(lake, "a", cell(value=1.0))
    before = content(lake)
    done = run_python(FULL, lake.path, size)
    assert "the disk is full" in done.stdout and done.returncode == 0, done.stderr
    assert content(lake) == before and values(lake) == [("2021-01", 1.0)]


def test_a_small_memory_limit_ends_in_the_stage_and_not_in_memory(tmp_path: Path) -> None:
    lake = open_lake(tmp_path / "lake", create=True, memory_limit="120MB", threads=2)
    with lake.stage("flows", at=AT) as stage:
        snapshot = stage.snapshot(file_of(lake, "b"), Origin("office", "b"))
        relation(stage, [cell()], "one")
        stage.engine.connection.execute(
            "CREATE TEMP VIEW many AS SELECT one.* EXCLUDE (source_row, partner_iso3), i AS source_row, "
            "hash(i)::VARCHAR AS partner_iso3 FROM one, range(400000) r(i)"
        )
        stage.write("flows", "many", snapshot=snapshot)
        stage.commit()
    assert lake.status()["rows"] == [400_000]
