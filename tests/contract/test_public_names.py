"""Every public name says what it is; what it promises to be is what it is."""

from __future__ import annotations

import inspect
from importlib import import_module

import pytest

import entrepot
from tests.contract.tree import NAME, door, exported, rooms

PUBLIC = [(room, name) for room in rooms() for name in exported(door(room))]


@pytest.mark.parametrize(("room", "name"), PUBLIC, ids=[f"{room}.{name}" for room, name in PUBLIC])
def test_a_public_name_exists_and_is_documented(room: str, name: str) -> None:
    value = getattr(import_module(f"{NAME}.{room}"), name)
    if not (inspect.isclass(value) or inspect.isroutine(value)):
        return  # A constant is documented by the comment or the room beside it.
    first = (inspect.getdoc(value) or "").strip().partition("\n")[0]
    assert first.endswith((".", ":", "?")), f"{room}.{name}: {first!r}"
    assert not first.startswith(f"{name}("), "a generated signature is no docstring"


@pytest.mark.parametrize(("room", "name"), PUBLIC, ids=[f"{room}.{name}" for room, name in PUBLIC])
def test_public_methods_are_documented(room: str, name: str) -> None:
    value = getattr(import_module(f"{NAME}.{room}"), name)
    if not inspect.isclass(value) or not value.__module__.startswith(NAME):
        return
    bare = [key for key, item in vars(value).items() if not key.startswith("_") and inspect.isfunction(item)]
    # close() is what it says.
    assert [key for key in bare if key != "close" and not inspect.getdoc(getattr(value, key))] == []


def test_what_a_notebook_needs_is_at_the_top() -> None:
    assert {"open", "ingest", "routes", "mirror", "simulate", "Table", "EntrepotError"} <= set(entrepot.__all__)
    assert [name for name in entrepot.__all__ if getattr(entrepot, name) is None] == []


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = entrepot.nothing
