"""The command line as a whole: quick help, one line an error, exit codes."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from entrepot import __version__
from entrepot.cli import COMMANDS, main
from entrepot.lake import open_lake
from tests.lake.made import cell, environment, put

ENTREPOT = [sys.executable, "-m", "entrepot"]


def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    given = {"cwd": None, **options}
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [*ENTREPOT, *map(str, arguments)],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **given,
    )


def interrupted(code: str) -> subprocess.CompletedProcess[str]:
    """Run code, send Ctrl-C when it says that it waits."""
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background job ignores Ctrl-C, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert child.stdout is not None and child.stdout.readline() == "waiting\n"
    time.sleep(0.2)
    child.send_signal(signal.SIGINT)
    out, error = child.communicate(timeout=30)
    assert "Traceback" not in error
    return subprocess.CompletedProcess(child.args, child.returncode, out, error)


def test_help_names_every_command_and_imports_none() -> None:
    code = (
        "import sys; from entrepot.cli import main; main(['--help']); "
        "heavy = {'duckdb', 'numpy', 'scipy', 'httpx', 'jinja2', 'py7zr', 'pydantic', 'tqdm'}; "
        "sys.exit(3 if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert all(f"  {name} " in done.stdout for name in COMMANDS)


def test_help_answers_in_a_third_of_a_second() -> None:
    def took() -> float:
        start = time.perf_counter()
        run("--help")
        return time.perf_counter() - start

    assert min(took() for _ in range(5)) < 0.3


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_helps_itself(name: str) -> None:
    if find_spec(COMMANDS[name][0].partition(":")[0]) is None:
        pytest.skip(f"{name} is not built yet")
    assert run(name, "--help").returncode == 0


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert __version__ in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [["nothing"], ["lake", "nothing"], ["lake", "status", "--nothing"], ["lake", "drop"], ["ingest"]],
)
def test_wrong_usage_exits_with_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err


def test_an_error_is_one_line_with_a_remedy(tmp_path: Path) -> None:
    done = run("lake", "status", "--lake", tmp_path / "absent")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"entrepot: error: {tmp_path}/absent: there is no lake here. "
        "Make one with `entrepot ingest`, or name its folder with --lake.\n"
    )


def test_the_lake_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTREPOT_LAKE", str(tmp_path / "elsewhere"))
    assert "elsewhere" in run("lake", "status", cwd=tmp_path).stderr


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    (tmp_path / "entrepot.toml").write_text("colour = 1")
    done = run("lake", "status", cwd=tmp_path)
    assert done.returncode == 1 and "unknown setting 'colour'" in done.stderr


@pytest.mark.parametrize("raised", [MemoryError(), OSError(28, "No space left on device"), OSError(13, "no", "f")])
def test_a_failure_of_the_system_is_one_line(
    raised: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    @click.command()
    def failing() -> None:
        raise raised

    (tmp_path / "failing_command.py").write_text("")
    module = type(sys)("failing_command")
    module.failing = failing  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "failing_command", module)
    monkeypatch.setitem(COMMANDS, "failing", ("failing_command:failing", ""))
    assert main(["failing"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("entrepot: error: ") and error.count("\n") == 1


def test_a_full_disk_at_out_is_one_line(tmp_path: Path) -> None:
    put(open_lake(tmp_path / "lake", create=True), "a", *(cell(partner_iso3=f"P{i}") for i in range(10)))
    out = tmp_path / "status.csv"
    done = subprocess.run(
        [*ENTREPOT, "lake", "status", "--lake", str(tmp_path / "lake"), "--out", str(out)],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (5, resource.RLIM_INFINITY)),
    )
    assert done.returncode == 1 and not out.exists()
    assert done.stderr.startswith("entrepot: error: ") and done.stderr.count("\n") == 1


def test_a_reader_of_the_pipe_that_leaves_is_no_error(tmp_path: Path) -> None:
    lake = open_lake(tmp_path / "lake", create=True)
    put(lake, "a", cell())
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*ENTREPOT, "lake", "status", "--lake", str(lake.path)],
        env=environment(),
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_interrupt_ends_with_130() -> None:
    code = (
        "import sys, time, click, entrepot.cli as c\n"
        "@click.command()\n"
        "def wait():\n"
        "    print('waiting', flush=True)\n"
        "    time.sleep(30)\n"
        "m = type(sys)('waiting'); m.wait = wait; sys.modules['waiting'] = m\n"
        "c.COMMANDS['wait'] = ('waiting:wait', '')\n"
        "sys.exit(c.main(['wait']))\n"
    )
    assert interrupted(code).returncode == 130


def test_an_interrupt_of_the_table_engine_ends_with_130() -> None:
    code = (
        "import sys, click, entrepot.cli as c\n"
        "from entrepot.lake import Engine\n"
        "@click.command()\n"
        "def wait():\n"
        "    with Engine(threads=1) as engine:\n"
        "        print('waiting', flush=True)\n"
        "        engine.rows('SELECT count(*) FROM range(100000) a, range(1000000) b WHERE a.range < b.range')\n"
        "m = type(sys)('waiting'); m.wait = wait; sys.modules['waiting'] = m\n"
        "c.COMMANDS['wait'] = ('waiting:wait', '')\n"
        "sys.exit(c.main(['wait']))\n"
    )
    assert interrupted(code).returncode == 130


def test_names_that_the_terminal_cannot_show_do_not_end_the_run(tmp_path: Path) -> None:
    lake = open_lake(tmp_path / "lake", create=True)
    put(lake, "Қазақстан", cell())
    done = subprocess.run(
        [*ENTREPOT, "lake", "status", "--lake", str(lake.path)],
        env={**environment(), "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and "\\u049a" in done.stdout
