"""What is installed is what is written down, and the wheel holds every file that the code reads."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, requires
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.contract.tree import PACKAGE, ROOT, files


def pins() -> dict[str, str]:
    lines = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if line and line[0] != "#"]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9._+]+", line) for line in lines)
    return {_plain(line.partition("==")[0]): line.partition("==")[2] for line in lines}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _needed(name: str, seen: set[str]) -> set[str]:
    """What is installed for a package, itself included; extras and other machines' needs left out."""
    if _plain(name) in seen:
        return seen
    try:
        lines = requires(name) or []
    except PackageNotFoundError:
        return seen
    seen.add(_plain(name))
    for line in lines:
        if "extra ==" not in line:
            _needed(re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0], seen)
    return seen


def test_everything_that_is_installed_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"], "hatchling", "editables"]
    seen: set[str] = set()
    for line in wanted:
        _needed(re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0], seen)
    assert sorted(seen - set(pins())) == []


def test_constraints_name_no_address() -> None:
    assert "://" not in (ROOT / "constraints.txt").read_text("utf-8") and len(pins()) > 30


@pytest.mark.skipif(find_spec("hatchling") is None, reason="the build tool is not installed; run make setup-dev")
def test_the_wheel_holds_every_file_of_the_package(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    packed = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    own = {path.relative_to(PACKAGE.parent).as_posix() for path in files() if path.is_relative_to(PACKAGE)}
    assert sorted(own - packed) == []


def test_a_bare_import_loads_nothing_heavy() -> None:
    code = (
        "import sys, entrepot, entrepot.cli; heavy = {'duckdb', 'numpy', 'scipy', 'httpx', 'jinja2', 'py7zr',"
        " 'pydantic', 'python_calamine', 'yaml', 'tqdm', 'sqlalchemy', 'alembic',"
        " 'cryptography'} & set(sys.modules); sys.exit(' '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
