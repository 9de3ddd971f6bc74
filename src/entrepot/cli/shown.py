"""One entry of the ledger in full, as an object and as lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from entrepot.ledger import Ledger

_HEAD = ("kind", "jurisdiction", "instrument", "confidence", "pack", "recorded_at")
_TEXTS = ("scope", "binds", "regime", "speaker", "stance", "part_of", "replaces")


def as_object(ledger: Ledger, entry_id: str, *, on: str, known: str) -> dict[str, Any]:
    """Return an entry with its status on a day, its history, its parts and its sources."""
    from entrepot.ledger import fields_of, topic_of

    asked = ledger.get(entry_id)
    standing = ledger.standing(entry_id, on=on, known=known)
    entry = standing.entry if standing else asked

    def was_known(other: str) -> bool:
        return ledger.standing(other, on=on, known=known) is not None

    return {
        **fields_of(entry),
        "pack": entry.pack,
        "topic": topic_of(entry),
        "recorded_status": entry.status,
        "on": on,
        "known": known,
        "status": standing.status if standing else "not_known",
        "why": standing.why if standing else f"nobody could know of it on {known}",
        "must_ask": bool(standing and standing.must_ask),
        "may_block": bool(standing and standing.may_block),
        "history": [one.entry_id for one in ledger.history(entry_id)],
        "contradicted_by": [one.entry_id for one in ledger.contradicting(entry.entry_id) if was_known(one.entry_id)],
        "parts": [part.entry_id for part in ledger.parts(entry_id) if was_known(part.entry_id)],
    }


def as_lines(told: dict[str, Any]) -> Iterator[str]:
    """Yield an entry line by line for a terminal."""
    yield told["id"]
    yield told["title"]
    yield f"{told['on']}, as known on {told['known']}: {told['status'].replace('_', ' ')}: {told['why']}"
    if told["must_ask"]:
        yield "The dates do not decide: look it up before relying on it."
    yield ""
    yield from (f"{name.replace('_', ' '):<15} {told[name]}" for name in _HEAD if told.get(name))
    yield from (f"{stage.replace('_', ' '):<15} {when}" for stage, when in told["dates"].items())
    for pause in told.get("suspended", ()):
        after = ", what followed is unknown" if pause["afterwards"] else ""
        yield f"{'suspended':<15} {pause['from']} to {pause['to'] or 'no known end'}{after}"
    for name in _TEXTS:
        if told.get(name):
            yield f"{name.replace('_', ' '):<15} {told[name]}"
    if told.get("targets"):
        yield f"{'targets':<15} {'; '.join(told['targets'])}"
    yield from (f"{name.replace('_', ' '):<15} {value}" for name, value in told.get("facts", {}).items())
    yield from (_goods(item) for item in told.get("goods", ()))
    yield from ("", told["summary"]) if told.get("summary") else ()
    for heading in ("doubts", "exemptions", "contradicts", "contradicted_by", "parts"):
        if told.get(heading):
            yield f"\n{heading.replace('_', ' ')}:"
            yield from (f"  {text}" for text in told[heading])
    if len(told["history"]) > 1:
        yield f"\nhistory: {' -> '.join(told['history'])}"
    yield "\nsources:"
    yield from (_source(source) for source in told["sources"])


def _goods(item: dict[str, str]) -> str:
    limit = f", above {item['price_above']} {item['currency']} each" if item.get("price_above") else ""
    return f"{'goods':<15} {item['hs_code']} ({item['hs_revision']}) {item.get('coverage', 'coverage unknown')}{limit}"


def _source(source: dict[str, str]) -> str:
    read = f"read {source['read']}" if source.get("read") else "cited, not opened"
    language = f", {source['language']}" if source.get("language") else ""
    return f"  {source['title']} ({read}{language})" + (f"\n    {source['url']}" if source.get("url") else "")
