"""Collecting: Python's search for rings of objects, kept still while many rows become objects."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collection() -> Iterator[None]:
    """Let Python not look for rings of objects meanwhile.

    Rows that become values make none, and looking through all that is at hand takes up to half of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
