from __future__ import annotations

import subprocess
import sys

import entrepot.codes


def test_import_is_light():
    heavy = "scipy numpy duckdb httpx pydantic jinja2 py7zr python_calamine"
    program = f"import sys, entrepot.codes; print([m for m in '{heavy}'.split() if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_public_names_exist_and_are_documented():
    for name in entrepot.codes.__all__:
        value = getattr(entrepot.codes, name)
        assert isinstance(value, tuple) or value.__doc__
