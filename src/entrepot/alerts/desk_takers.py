"""Findings taken from answers: of routes, check, screen and read, each row to the thing it is about."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from entrepot.alerts.desk import Finding, Thing
from entrepot.codes import find_iso2
from entrepot.errors import NotFound, SourceError
from entrepot.lake import Engine

Row = Mapping[str, Any]

# At or below this q-value, with an excess that stays above zero under every control set, a route is taken as strong.
_STRONG_Q = 0.01
_PEOPLE = ("Person", "person")
# Names and countries are many people's; these are one's own.
_OWN = frozenset(("document_number", "craft_number", "birth_date", "contact", "address", "call_sign"))
_NUMBERS = frozenset(("document_number", "craft_number"))
# What no data speak to is no finding: a name in the press alone makes no alert about anybody.
_VERDICTS = {"supported": "moderate", "contradicted": "none"}
_TOPICS = ("circumvention_channels", "export_monitoring", "financial_restrictions", "payment_system")
_SCREENED = ("query_id", "rank", "entity_id", "dataset", "schema", "name", "score", "match")
_NEEDED = {
    "routes": ("via_iso3", "destination_iso3", "product_id", "is_alert", "excess_low", "q_value"),
    "check": ("record_id", "flag_id", "outcome", "decision"),
    "screen": ("query_id", "entity_id", "dataset", "score", "match", "reasons"),
    "read": ("id", "quote", "entities", "checks"),
}


def findings_of(
    rows: Iterable[Row],
    *,
    source: str,
    as_of: str,
    kind: str = "",
    inputs: Iterable[str] = (),
    where: str = "",
) -> list[Finding]:
    """Return the findings of an answer, in the order of its rows.

    Args:
        rows: rows of an answer of routes, check, screen, or read, with the columns that the command writes.
        source: which of the four.
        as_of: day or month up to which was looked.
        kind: of check: what the records are; person, company, shipment ...
        inputs: what the whole answer rests on, beside what its rows name.
        where: the file, for messages.

    Returns:
        Of routes every row that was tested; of check what fired or is clear; of screen every candidate; of read every
        claim about trade or payments, not negated, that names somebody or a state and that data support or
        contradict. What is no alert, clear, no match or contradicted has certainty ``none``: it takes back what was
        found before, and makes no alert by itself.

    Raises:
        SourceError: the answer lacks a column, or a cell is malformed; the row is named.
    """
    take, base = _TAKERS[source], tuple(inputs)
    found: list[Finding] = []
    for number, row in enumerate(rows, 1):
        if lacking := [name for name in _NEEDED[source] if name not in row]:
            remedy = f"Give the file that `entrepot {source}` wrote."
            raise SourceError(f"no column {lacking[0]!r}", where=f"{where}, row {number}".lstrip(", "), remedy=remedy)
        try:
            found += take(row, as_of, kind, base)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            remedy = f"Give the file as `entrepot {source}` wrote it."
            raise SourceError(
                f"malformed cell: {error}", where=f"{where}, row {number}".lstrip(", "), remedy=remedy
            ) from error
    return found


def read_answer(path: Path, *, source: str) -> list[dict[str, Any]]:
    """Return the rows of a file that a command wrote: .csv, .parquet, .json or .jsonl.

    Raises:
        NotFound: no such file.
        SourceError: it cannot be read, or holds other columns than the command writes.
    """
    if not path.is_file():
        raise NotFound("no such file", where=str(path), remedy=f"Name the file that `entrepot {source}` wrote.")
    readers = {".csv": "read_csv(?, header = true, all_varchar = true)", ".parquet": "read_parquet(?)"}
    remedy = f"Name a .csv, .parquet, .json or .jsonl file that `entrepot {source}` wrote."
    try:
        if path.suffix in (".json", ".jsonl"):
            text = path.read_text("utf-8")
            read = json.loads(text) if path.suffix == ".json" else [json.loads(one) for one in text.splitlines() if one]
            rows = [dict(row) for row in read]
        elif path.suffix in readers:
            with Engine(threads=1) as engine:
                engine.connection.execute("SET preserve_insertion_order = true")
                done = engine.connection.execute(f"SELECT * FROM {readers[path.suffix]}", [str(path)])
                names = [str(one[0]) for one in done.description or ()]
                rows = [dict(zip(names, row, strict=True)) for row in done.fetchall()]
        else:
            raise SourceError(f"unknown ending {path.suffix!r}", where=str(path), remedy=remedy)
    except (duckdb.Error, ValueError, TypeError) as error:
        line = next(iter(str(error).splitlines()), type(error).__name__)
        raise SourceError(f"cannot be read: {line}", where=str(path), remedy=remedy) from error
    if rows and (lacking := [name for name in _NEEDED[source] if name not in rows[0]]):
        raise SourceError(f"no column {lacking[0]!r}", where=str(path), remedy=remedy)
    return rows


def _of_route(row: Row, as_of: str, _kind: str, inputs: tuple[str, ...]) -> Iterator[Finding]:
    low, q_value = _number(row["excess_low"]), _number(row["q_value"])
    if low is None:
        return
    via, to, product = (str(row[name]) for name in ("via_iso3", "destination_iso3", "product_id"))
    thing = Thing("route", f"{via}>{to}:{product}", f"{via} to {to}, goods {product}")
    is_alert = _flag(row["is_alert"])
    least = _number(row.get("excess_min"))
    is_strong = q_value is not None and q_value <= _STRONG_Q and (least is None or least > 0)
    currency = str(row.get("currency") or "") or None
    said = f"at least {low:,.0f} {currency or ''} unexplained".replace("  ", " ")
    yield Finding(
        thing,
        "routes",
        f"routes:{row.get('evidence') or 'in'}",
        str(row.get("window_end") or as_of),
        ("strong" if is_strong else "moderate") if is_alert else "none",
        f"{said} from {row.get('window_start') or 'the event'} on; consistent with diversion"
        if is_alert
        else "no alert any more",
        low if is_alert else None,
        currency if is_alert else None,
        inputs,
        dict(row),
    )


def _of_check(row: Row, as_of: str, kind: str, inputs: tuple[str, ...]) -> Iterator[Finding]:
    if row["outcome"] not in ("fired", "clear") or _flag(row.get("is_shadow")):
        return
    has_fired = row["outcome"] == "fired"
    decision = str(row["decision"] or "pass")
    certainty = {"stop": "strong", "ask": "moderate"}.get(decision, "weak") if has_fired else "none"
    act = str(row.get("act") or "")
    record, flag = str(row["record_id"]), str(row["flag_id"])
    yield Finding(
        Thing(kind or "record", record, record),
        "check",
        flag,
        str(row.get("as_of") or as_of),
        certainty,
        str(row.get("title") or flag),
        inputs=(*inputs, f"flag:{flag}", *([f"measure:{act}"] if act else [])),
        detail=dict(row),
    )


def _of_screen(row: Row, as_of: str, _kind: str, inputs: tuple[str, ...]) -> Iterator[Finding]:
    if not row["entity_id"]:
        return
    reasons = row["reasons"] if isinstance(row["reasons"], list) else json.loads(row["reasons"] or "[]")
    agreeing = {str(one["feature"]) for one in reasons if (_number(one.get("weight")) or 0.0) > 0}
    is_name_only = not agreeing & _OWN
    certainty = "strong" if agreeing & _NUMBERS else "weak" if is_name_only else "moderate"
    is_match = _flag(row["match"])
    kind = "person" if str(row.get("schema") or "Person") in _PEOPLE else "company"
    dataset, entity = str(row["dataset"]), str(row["entity_id"])
    own = next((str(one.get("query")) for one in reasons if str(one["feature"]).startswith("name")), "")
    query = str(row["query_id"])
    score = _number(row["score"])
    yield Finding(
        Thing(kind, query, own or query),
        "screen",
        f"{dataset}:{entity}",
        as_of,
        certainty if is_match else "none",
        f"like {row.get('name') or entity} of {dataset}, score {score or 0.0:.2f}"
        + (", by name alone" if is_name_only else ""),
        inputs=(*inputs, f"list:{dataset}"),
        # What is not a column of screen, such as why a party is listed, does not come along.
        detail={**{name: row.get(name) for name in _SCREENED}, "reasons": reasons, "is_name_only": is_name_only},
    )


def _of_claim(row: Row, as_of: str, _kind: str, inputs: tuple[str, ...]) -> Iterator[Finding]:
    checks = json.loads(row["checks"] or "[]") if isinstance(row["checks"], str) else row["checks"] or ()
    verdicts = [str(check["verdict"]) for check in checks]
    certainty = next((_VERDICTS[word] for word in _VERDICTS if word in verdicts), None)
    if certainty is None or _flag(row.get("is_negated")) or row.get("topic", _TOPICS[0]) not in _TOPICS:
        return
    entities = row["entities"].split(";") if isinstance(row["entities"], str) else row["entities"] or ()
    names = {str(one["id"]): str(one["text"]) for one in row.get("mentions") or ()}
    for entity in entities:
        thing = _thing_of(str(entity), names.get(str(entity)))
        if thing is not None:
            yield Finding(
                thing,
                "read",
                str(row["id"]),
                as_of,
                certainty,
                f"claimed by {row.get('speaker_name') or row.get('speaker') or 'the author'}, and the data say:"
                f" {', '.join(dict.fromkeys(verdicts))}",
                inputs=(*inputs, f"article:{row.get('article') or row['id']}"),
                detail=dict(row),
            )


def _thing_of(entity: str, name: str | None) -> Thing | None:
    """A person, a firm or body, or the trade through a state, goods not named; None of anything else."""
    head, colon, slug = entity.partition(":")
    if colon:
        kind = {"per": "person", "org": "company"}.get(head)
        return Thing(kind, entity, name or slug) if kind else None
    is_state = find_iso2(entity) is not None
    return Thing("corridor", entity, f"trade through {entity}, goods not named") if is_state else None


def _number(value: Any) -> float | None:
    return None if value is None or value == "" or value != value else float(value)


def _flag(value: Any) -> bool:
    return value is True or str(value).lower() == "true"


_TAKERS: dict[str, Callable[[Row, str, str, tuple[str, ...]], Iterator[Finding]]] = {
    "routes": _of_route,
    "check": _of_check,
    "screen": _of_screen,
    "read": _of_claim,
}
