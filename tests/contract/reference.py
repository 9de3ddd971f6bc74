"""The page docs/reference.md, made from the code. ``make reference`` writes it; a test compares it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import fields
from importlib import import_module
from typing import Any

import click

from entrepot.cli import COMMANDS, entrepot
from entrepot.codes import bloc_ids, product_list, product_list_ids
from entrepot.flows import CONTROL_SETS, ROUTE_TYPES, WATCH_TYPES
from entrepot.lake import SCHEMAS, kinds
from entrepot.settings import Settings
from entrepot.sources import get_source, mapping_names, source_ids
from tests.contract.tree import PACKAGE, ROOT, parsed

PAGE = ROOT / "docs" / "reference.md"
RECORDS = ROOT / "docs" / "records.md"
MATCHING = ROOT / "docs" / "methods" / "matching.md"


def page() -> str:
    """Return the whole page as Markdown."""
    parts = [
        "# Reference",
        "Made from the code by `make reference`; a test fails where the two differ.",
        *_commands(),
        "## Sources\n\nWhere each can be had: [sources.md](sources.md).",
        _table(("source", "what", "publisher", "table", "layouts"), _sources()),
        "## Mapping files that come with the package\n\n`entrepot ingest flows FILE --mapping NAME`: "
        + ", ".join(f"`{name}`" for name in mapping_names())
        + ".",
        "## Product lists\n\n`--products NAME`.",
        _table(("list", "version", "title", "codes", "source"), _lists()),
        "## Groups\n\n`--origins`, `--via`; dated, read as of the event: "
        + ", ".join(f"`{bloc}`" for bloc in bloc_ids())
        + ".",
        "## Columns of `routes`",
        _table(("column", "type"), ((f"`{name}`", kind) for name, kind in ROUTE_TYPES.items())),
        "## Columns of `watch`\n\nThe method: [methods/watch.md](methods/watch.md).",
        _table(("column", "type"), ((f"`{name}`", kind) for name, kind in WATCH_TYPES.items())),
        "## Control sets of `routes`",
        _table(("control set", "what the expected path is learned from"), _coded(CONTROL_SETS)),
        "## Caveats of `routes`\n\nThe method: [methods/routes.md](methods/routes.md).",
        _table(("caveat", "what it says"), _coded(_of("flows.caveats", "CAVEATS"))),
        "## Columns of `mirror`",
        _table(("column", "type"), ((f"`{name}`", kind) for name, kind in _of("flows.mirror", "TABLE_TYPES").items())),
        "## Caveats of `mirror`\n\nThe method: [methods/mirror.md](methods/mirror.md).",
        _table(("caveat", "what it says"), _coded(_of("flows.mirror", "MIRROR_CAVEATS"))),
        *_lake(),
        "## Settings\n\nIn `entrepot.toml` of the folder where a command runs, or in the environment, which wins.",
        _table(("setting", "variable", "default"), _settings()),
        "## Errors\n\nExit code 1 and one line on stderr; from Python, one tree of exceptions.",
        f"```\n{_error_tree()}\n```",
    ]
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def _of(module: str, name: str) -> dict[str, str]:
    # By path: the room's door has a function of the module's name.
    found: dict[str, str] = getattr(import_module(f"entrepot.{module}"), name)
    return found


def _coded(texts: dict[str, str]) -> Iterator[tuple[str, str]]:
    return ((f"`{name}`", text) for name, text in texts.items())


def _table(head: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    cells = ([" ".join(str(cell).split()).replace("|", "\\|") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def _commands() -> Iterator[str]:
    yield "## Commands"
    yield _table(("command", "what it does"), ((f"`entrepot {name}`", line) for name, (_, line) in COMMANDS.items()))
    yield "Exit codes: 0 done, 1 bad input or data (one line on stderr), 2 wrong usage, 130 interrupted."
    context = click.Context(entrepot, info_name="entrepot")
    for name in entrepot.list_commands(context):
        found = entrepot.get_command(context, name)
        assert found is not None
        yield from _command(found, f"entrepot {name}")


def _command(found: click.Command, path: str) -> Iterator[str]:
    context = click.Context(found)
    if isinstance(found, click.Group):
        for name in found.list_commands(context):
            inner = found.get_command(context, name)
            assert inner is not None
            yield from _command(inner, f"{path} {name}")
        return
    arguments = [f" {item.make_metavar(context)}" for item in found.params if isinstance(item, click.Argument)]
    yield f"### `{path}{''.join(arguments)}`"
    yield " ".join((found.help or "").partition("\n\n")[0].split())
    options = [item for item in found.params if isinstance(item, click.Option) and not item.hidden]
    if options:
        yield _table(("option", "default", "meaning"), (_option(item, context) for item in options))


def _option(item: click.Option, context: click.Context) -> tuple[str, str, str]:
    taken = "" if item.is_flag else f" {item.make_metavar(context)}"
    default = "required" if item.required else f"`{item.default}`" if item.show_default else ""
    return f"`{item.opts[0]}{taken}`", default, item.help or ""


def _sources() -> Iterator[tuple[str, ...]]:
    for name in source_ids():
        source = get_source(name)
        layouts = ", ".join(layout.name for layout in source.layouts)
        yield f"`{name}`", source.title, source.publisher, source.table, layouts


def _lists() -> Iterator[tuple[Any, ...]]:
    for name in product_list_ids():
        found = product_list(name)
        yield f"`{name}`", found.version, found.title, len(found.items), found.source


def _lake() -> Iterator[str]:
    yield "## Tables of the lake"
    yield "The tables of records (`persons`, `payments` ...) have the columns of [their kind](records.md), as text."
    for schema in SCHEMAS.values():
        if schema.in_order:
            continue
        yield f"### `{schema.name}`"
        yield _table(("column", "type"), ((f"`{column.name}`", column.type) for column in schema.columns))


def _settings() -> Iterator[tuple[str, str, str]]:
    for field in fields(Settings):
        yield f"`{field.name}`", f"`ENTREPOT_{field.name.upper()}`", f"`{field.default}`"


def _error_tree() -> str:
    text = ast.get_docstring(parsed(PACKAGE / "errors.py")) or ""
    return "\n".join(line[2:] for line in text.partition("::\n\n")[2].splitlines())


def records_page() -> str:
    """docs/records.md: the kinds of records and their columns."""
    parts = [
        "# Records\n\nThe tables that `entrepot check` reads: CSV, Parquet or JSON lines, one row a record, UTF-8."
        " A missing column means unknown, an empty cell means unknown and never zero; in a column marked *"
        " an empty cell says that none is recorded. Dates are YYYY-MM-DD, instants UTC unless they name an offset,"
        " countries ISO 3166 alpha-3, several values in a cell are joined by `;`. Money is `amount` with `currency`."
        " The bold column names the record.\n\n"
        "`entrepot ingest records FILE...` keeps them in the lake, a table a kind, with `source_id`, `given_columns`"
        " (which of the columns the file has), `snapshot_id` and `source_row`; `check` reads from there what no file"
        " gives.\n"
    ]
    for kind in (one for one in kinds().values() if not one.is_derived):
        parts.append(f"## {kind.name}\n")
        where = f"Table `{kind.table}` of the lake" if kind.table else "No file: the flows of the lake, by month"
        shown_columns = [
            f"**`{name}`** {type_}" if name == kind.id else f"`{name}`{'*' if name in kind.events else ''} {type_}"
            for name, type_ in kind.columns.items()
        ]
        parts.append(", ".join(shown_columns) + f". {where}.\n")
    return "\n".join(parts)


def matching_page() -> str:
    """docs/methods/matching.md as it is, its tables of features made anew from the code."""
    tables = {
        "persons": _weights("parties.names.persons", "parties.names.found"),
        "firms": _weights("parties.names.companies", "parties.names.companies"),
        "screening": _table(
            ("feature", "agrees", "differs", "what it looks at"),
            (
                (f"`{one.name}`", _signed(one.agrees), _signed(one.differs), _what(one.compare))
                for one in import_module("entrepot.parties.matcher").FEATURES
            ),
        ),
    }
    text = MATCHING.read_text("utf-8")
    for name, table in tables.items():
        start, end = f"<!-- features: {name} -->\n", "\n<!-- end -->"
        before, _, rest = text.partition(start)
        text = before + start + table + end + rest.partition(end)[2]
    return text


def _weights(weights: str, words: str) -> str:
    module = import_module(f"entrepot.{words}")
    says = module.UNSAID | module.SAYS
    rows = ((f"`{name}`", _signed(weight), says[name]) for name, weight in _of(weights, "WEIGHTS").items())
    return _table(("feature", "weight", "when"), rows)


def _signed(weight: Any) -> str:
    return f"{weight:+}".replace("-", "\N{MINUS SIGN}") if weight else ""


def _what(function: Any) -> str:
    first = function.__doc__.split(".")[0].partition(";")[0]
    return str(first.removeprefix("Return ").removeprefix("how far ").removeprefix("that ").removeprefix("whether "))


if __name__ == "__main__":
    MATCHING.write_text(matching_page(), "utf-8")
    PAGE.write_text(page(), "utf-8")
    RECORDS.write_text(records_page(), "utf-8")
