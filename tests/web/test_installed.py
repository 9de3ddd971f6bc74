"""Says so where the tests of the server are left out."""

from __future__ import annotations

from importlib.util import find_spec

import pytest


@pytest.mark.parametrize("package", ["fastapi", "uvicorn", "python_multipart", "sqlalchemy", "cryptography"])
def test_the_extra_is_installed(package: str) -> None:
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed: the extra web is left out, and so are its tests")
