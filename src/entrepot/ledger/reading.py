"""From the fields of a data file to an entry: what is missing, unknown or impossible is named, with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields as fields_of
from datetime import datetime, timedelta
from typing import Any

from entrepot.codes import (
    Dated,
    bloc_ids,
    find_currency,
    find_hs_code,
    find_revision,
    find_territory,
    goods_name,
    parse_dated,
)
from entrepot.errors import CodeError, LedgerError, NoCitation, NotFound
from entrepot.ledger.entry import CONFIDENCE, KINDS, RECORDED, STAGES, Citation, Entry, Goods, Suspension
from entrepot.ledger.instruments import get_instrument

# Bodies that act or are acted on and are neither states nor blocs with a table of members.
BODIES = ("EU", "UN", "FATF")
ACTORS = f"an ISO3 code, a bloc ({', '.join(bloc_ids())}) or one of {', '.join(BODIES)}"
_TEXTS = ("scope", "summary", "binds", "regime", "speaker", "stance", "part_of", "replaces", "pack", "recorded_at")
_LISTS = ("targets", "doubts", "contradicts", "exemptions")
_OWN = ("id", "kind", "jurisdiction", "instrument", "title", "dates", "end", "suspended", "status", "confidence")
_FIELDS = frozenset((*_TEXTS, *_LISTS, *_OWN, "goods", "facts", "sources"))
_ENDS = ("set", "nominal")
# Stages of which the second cannot come before the first.
_ORDER = tuple((stage, "removed") for stage in ("announced", "adopted", "signed", "published", "effective", "date"))
# The same, but for acts that reach back or were told afterwards; such an entry says so among its doubts.
_USUAL = (
    *(("announced", stage) for stage in ("adopted", "signed", "effective")),
    *((stage, "effective") for stage in ("adopted", "signed")),
)
_ID = re.compile(r"[^\s;,'\"]{1,160}")
_PRICE = re.compile(r"[0-9]+(\.[0-9]+)?")
_GOODS = tuple(field.name for field in fields_of(Goods))
_PAUSE = ("from", "to", "afterwards", "known", "to_known")
_CITED = ("title", "url", "language", "sha256", "read", "primary")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def entry_of(fields: Mapping[str, Any], *, where: str) -> Entry:
    """Return the entry that a data file's fields describe; docs/ledger.md lists them.

    Args:
        where: file and entry, for messages.

    Raises:
        NoCitation: it names no source.
        LedgerError: a field is missing, unknown or impossible.
    """
    try:
        return _entry(fields, where)
    except (CodeError, NotFound) as error:
        raise LedgerError(error.found, where=_place(fields, where), remedy=error.remedy) from error
    except KeyError as error:
        raise LedgerError(f"{error.args[0]} is missing", where=_place(fields, where), remedy="Write it.") from error
    except (TypeError, AttributeError) as error:
        remedy = "docs/ledger.md shows the form of each field."
        raise LedgerError(
            f"a field has the wrong form ({error})", where=_place(fields, where), remedy=remedy
        ) from error


def _entry(fields: Mapping[str, Any], where: str) -> Entry:
    place = _place(fields, where)
    if unknown := sorted(set(fields) - _FIELDS):
        raise LedgerError(f"unknown field {unknown[0]!r}", where=place, remedy=f"Fields: {', '.join(sorted(_FIELDS))}.")
    dates = _dates(fields.get("dates") or {}, has_doubts=bool(fields.get("doubts")), place=place)
    entry = Entry(
        entry_id=_id(fields["id"], place),
        kind=_one_of(fields.get("kind", "measure"), KINDS, "kind", place),
        jurisdiction=actor(fields["jurisdiction"], place),
        instrument=get_instrument(fields["instrument"]).instrument,
        title=_text(fields["title"], "title", place),
        dates=dates,
        sources=citations_of(fields, where=place),
        suspensions=suspensions_of(fields, where=place),
        is_end_sure=_end(fields, place) != "nominal",
        is_end_set=_end(fields, place) == "set",
        status=_one_of(fields.get("status") or None, (None, *RECORDED), "status", place),
        confidence=_one_of(fields.get("confidence", "medium"), CONFIDENCE, "confidence", place),
        goods=goods_of(fields, where=place),
        facts={str(name): str(value) for name, value in (fields.get("facts") or {}).items()},
        where=where,
        **_plain(fields, place),
    )
    _check_instant(entry.recorded_at, place)
    _check_suspensions(entry, place)
    _check_known(entry, place)
    return entry


def _plain(fields: Mapping[str, Any], place: str) -> dict[str, Any]:
    """The fields that are taken as they are: texts, and lists of texts."""
    texts = {name: _text(fields.get(name) or "", name, place) for name in _TEXTS}
    return {**texts, **{name: _texts(fields.get(name), name, place) for name in _LISTS}}


def _place(fields: Mapping[str, Any], where: str) -> str:
    return f"{where} ({fields['id']})" if fields.get("id") else where


def _id(value: Any, place: str) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        remedy = "Write place, date and a short name, as kaz-20250119-cards: no spaces, commas, semicolons or quotes."
        raise LedgerError(f"id {value!r} is no id", where=place, remedy=remedy)
    return value


def _text(value: Any, name: str, place: str) -> str:
    if not isinstance(value, str):
        raise LedgerError(f"{name} is {value!r}, not a text", where=place, remedy="Put the text between quotes.")
    return value.strip()


def _one_of(value: Any, allowed: Sequence[Any], name: str, place: str) -> Any:
    if value not in allowed:
        remedy = (
            f"Use one of {', '.join(str(item) for item in allowed if item)}; what follows from the dates is left out."
        )
        raise LedgerError(f"{name} {value!r} is none that can be recorded", where=place, remedy=remedy)
    return value


def _texts(value: Any, name: str, place: str) -> tuple[str, ...]:
    if isinstance(value, str):
        raise LedgerError(f"{name} is one text, not a list", where=place, remedy=f"Write {name}: [{value}].")
    return tuple(_text(item, name, place) for item in value or ())


def _items(fields: Mapping[str, Any], name: str, known: Sequence[str], place: str) -> Sequence[Mapping[str, Any]]:
    """The items of a field that is a list of mappings; each has no other fields than the known ones."""
    items = fields.get(name) or []
    if not isinstance(items, list | tuple) or not all(isinstance(item, Mapping) for item in items):
        remedy = f"Write a list of items with {', '.join(known)}."
        raise LedgerError(f"{name} has the wrong form", where=place, remedy=remedy)
    if unknown := sorted({str(key) for item in items for key in item} - set(known)):
        raise LedgerError(f"unknown field {unknown[0]!r} in {name}", where=place, remedy=f"Fields: {', '.join(known)}.")
    return items


def is_actor(code: str) -> bool:
    """Return whether a code is that of a state, of a bloc or one of BODIES."""
    territory = find_territory(code)
    return code in BODIES or code in bloc_ids() or (territory is not None and territory.code == code)


def actor(code: str, place: str) -> str:
    """Return the code of who acts, if it is one.

    Raises:
        LedgerError: neither an ISO3 code nor a bloc nor one of BODIES.
    """
    if is_actor(code):
        return code
    raise LedgerError(f"unknown jurisdiction {code!r}", where=place, remedy=f"Use {ACTORS}.")


def _dates(given: Mapping[str, str], *, has_doubts: bool, place: str) -> dict[str, Dated]:
    if not isinstance(given, Mapping):
        raise LedgerError(
            f"dates is {given!r}", where=place, remedy="Write stage and date: dates: {effective: 2025-01-19}."
        )
    if unknown := sorted(set(given) - set(STAGES)):
        raise LedgerError(f"unknown stage {unknown[0]!r}", where=place, remedy=f"Stages: {', '.join(STAGES)}.")
    dates = {stage: parse_dated(given[stage]) for stage in STAGES if given.get(stage)}
    if not set(dates) - {"removed", "wind_down_end"}:
        remedy = "Write when it was announced, adopted, signed, published or took effect, or `date` where unsure which."
        raise LedgerError("no date says when it came about", where=place, remedy=remedy)
    for early, late in _ORDER if has_doubts else (*_ORDER, *_USUAL):
        if early in dates and late in dates and dates[late].last < dates[early].first:
            found = f"{late} {dates[late]} lies before {early} {dates[early]}"
            remedy = (
                "`removed` is the first day without it." if late == "removed" else "Or say under doubts how it can be."
            )
            raise LedgerError(found, where=place, remedy=f"Correct the dates. {remedy}")
    return dates


def _end(fields: Mapping[str, Any], place: str) -> str:
    end = str(fields.get("end") or "")
    if end:
        _one_of(end, _ENDS, "end", place)
        if "removed" not in (fields.get("dates") or {}):
            raise LedgerError(f"end is {end!r}, but no date says when", where=place, remedy="Write dates: removed.")
    return end


def suspensions_of(fields: Mapping[str, Any], *, where: str) -> tuple[Suspension, ...]:
    """Return the suspensions that a data file's fields tell, as in :func:`entry_of`."""
    return tuple(map(_suspension, _items(fields, "suspended", _PAUSE, where)))


def _suspension(item: Mapping[str, str]) -> Suspension:
    end = parse_dated(item["to"]) if item.get("to") else None
    if item.get("to_known") and end is None:
        raise CodeError("to_known without to", remedy="Write `to`, the first day after the suspension.")
    known, end_known = (parse_dated(item[name]) if item.get(name) else None for name in ("known", "to_known"))
    return Suspension(parse_dated(item["from"]), end, item.get("afterwards") != "unknown", known, end_known)


def _check_suspensions(entry: Entry, place: str) -> None:
    for pause in entry.suspensions:
        is_early = entry.start is not None and pause.start.last < entry.start.first
        removed = entry.dates.get("removed")
        is_late = removed is not None and removed.last < pause.start.first
        if is_early or is_late or (pause.end is not None and pause.end.last < pause.start.first):
            found = f"the suspension of {pause.start} ends before it begins, or lies outside the life of the act"
            raise LedgerError(found, where=place, remedy="Correct the dates; `to` is the first day after it.")
    starts = [pause.start.first for pause in entry.suspensions]
    if starts != sorted(starts):
        raise LedgerError("suspensions are out of order", where=place, remedy="Write the earliest first.")


def _check_known(entry: Entry, place: str) -> None:
    told = {"announced", "adopted", "signed", "published"} & set(entry.dates)
    if entry.start_known and ("effective" not in entry.dates or "date" in entry.dates or not told):
        found = "start_known is given, but no first day of effect beside the act's own day, or a `date`"
        remedy = "Write dates: effective, and when it was announced, adopted, signed or published."
        raise LedgerError(found, where=place, remedy=remedy)
    if entry.end_known and ("removed" not in entry.dates or entry.is_end_set):
        found = "end_known is given, but " + ("the act itself set its end" if entry.is_end_set else "no end is")
        raise LedgerError(found, where=place, remedy="Write dates: removed with it, and no end: set.")


def _check_instant(text: str, place: str) -> None:
    try:
        is_utc = datetime.fromisoformat(text).utcoffset() in (None, timedelta(0))
    except ValueError:
        is_utc = False
    if not is_utc:
        remedy = "Write the UTC instant of the entry, as 2026-03-01T12:00:00Z."
        raise LedgerError(f"recorded_at {text!r} is no UTC instant", where=place, remedy=remedy)


def goods_of(fields: Mapping[str, Any], *, where: str) -> tuple[Goods, ...]:
    """Return the codes that a data file's fields name, as in :func:`entry_of`."""
    return tuple(_goods(item, where) for item in _items(fields, "goods", _GOODS, where))


def _goods(item: Mapping[str, str], place: str) -> Goods:
    code, revision = item["hs_code"], find_revision(item.get("hs_revision", ""))
    # A code of a chapter that holds no goods (77, 00) has no name; deeper than that no list of codes is kept.
    is_known = find_hs_code(code) == code and code != "TOTAL" and len(code) % 2 == 0 and goods_name(code) is not None
    if revision is None or not is_known:
        remedy = "Write the code's 2 to 10 digits and its revision, as HS2022 or CN2024."
        raise LedgerError(f"unknown code {code!r} of {item.get('hs_revision')!r}", where=place, remedy=remedy)
    price, currency = item.get("price_above"), item.get("currency")
    is_wrong = bool(price) and not _PRICE.fullmatch(str(price))
    if is_wrong or bool(price) != bool(currency) or (currency and find_currency(currency) is None):
        raise LedgerError(f"price {price!r} in {currency!r}", where=place, remedy="Write price_above and its currency.")
    coverage = _one_of(item.get("coverage") or None, (None, "full", "part"), "coverage", place)
    return Goods(code, revision, coverage, float(price) if price else None, currency or None, item.get("note", ""))


def citations_of(fields: Mapping[str, Any], *, where: str) -> tuple[Citation, ...]:
    """Return the citations in a data file's fields, as in :func:`entry_of`."""
    if not fields.get("sources"):
        raise NoCitation("no source", where=where, remedy="Name at least one act or page under sources: title, url.")
    day = str(fields.get("recorded_at", ""))[:10]
    return tuple(_citation(item, day, where) for item in _items(fields, "sources", _CITED, where))


def _citation(item: Mapping[str, str], day: str, place: str) -> Citation:
    if unknown := sorted(set(item) - set(_CITED)):
        raise LedgerError(
            f"unknown field {unknown[0]!r} in sources", where=place, remedy=f"Fields: {', '.join(_CITED)}."
        )
    title = item.get("title") or item.get("url")
    if not title:
        raise NoCitation("a source has neither title nor url", where=place, remedy="Name the act or page.")
    digest = item.get("sha256", "")
    if digest and not _SHA256.fullmatch(digest):
        raise LedgerError(f"sha256 {digest!r} is no hash", where=place, remedy="Write its 64 hexadecimal digits.")
    # Opened, on a day that nobody noted: on the day of the entry at the latest.
    read = f"../{day}" if item.get("read") == "yes" else item.get("read", "")
    if read:
        parse_dated(read)
    return Citation(
        title=title,
        url=item.get("url", ""),
        language=item.get("language", ""),
        sha256=digest,
        read_date=read,
        is_primary=_one_of(item.get("primary", "no"), ("yes", "no", "true", "false"), "primary", place)
        in ("yes", "true"),
    )
