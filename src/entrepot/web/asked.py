"""Asked: questions about trade, articles and cases, each a thin call of what its command calls."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from entrepot.lake import Lake, Table, open_lake
from entrepot.ledger import Ledger, open_ledger
from entrepot.settings import Settings
from entrepot.web.options import WebOptions

# Rows of a ranking that a page can show, page by page; the API has all of them.
_MOST_ROWS = 2000


@dataclass(frozen=True)
class Answer:
    """What is kept of an answer.

    Attributes:
        rows: its table.
        types: column to SQL type.
        parameters: the question as it was understood.
        texts: caveat to what it means.
        page: everything that a page shows, for routes.
        value: the whole answer, where it is no table.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    types: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    page: Mapping[str, Any] = field(default_factory=dict)
    value: Mapping[str, Any] = field(default_factory=dict)


def answer(kind: str, settings: Settings, options: WebOptions, question: Mapping[str, Any]) -> Answer:
    """Return the answer of a question of a kind: routes, mirror, effect, read or freeze.

    Raises:
        EntrepotError: it cannot be answered; says why.
    """
    lake = open_lake(settings.lake, memory_limit=settings.memory_limit, threads=settings.threads)
    ledger = open_ledger(settings.packs, lake=lake)
    return _ANSWERS[kind](lake, ledger, options, question)


def _routes(lake: Lake, ledger: Ledger, options: WebOptions, question: Mapping[str, Any]) -> Answer:
    from entrepot.flows import routes
    from entrepot.report import page_parts

    found = routes(lake, **question)
    # Real law beside made-up trade would read as real.
    page = page_parts(found, ledger=None if options.is_simulated else ledger, first_rows=_MOST_ROWS)
    return Answer(found.rows(), found.types, _plain(found.parameters), dict(found.caveat_texts), page)


def _mirror(lake: Lake, ledger: Ledger, options: WebOptions, question: Mapping[str, Any]) -> Answer:
    from entrepot.flows import mirror

    found: Table = mirror(lake, **question)
    return Answer(found.rows(), found.types, dict(question), dict(getattr(found, "caveat_texts", {})))


def _effect(lake: Lake, ledger: Ledger, options: WebOptions, question: Mapping[str, Any]) -> Answer:
    from entrepot.flows import effect
    from entrepot.report import effect_sentence

    found = effect(lake, ledger=ledger, **question)
    value = found.as_json()
    return Answer(parameters=dict(question), value=value, page={"sentence": effect_sentence(found)})


def _read(lake: Lake, ledger: Ledger, options: WebOptions, question: Mapping[str, Any]) -> Answer:
    from entrepot.web.reading import read_pasted

    return Answer(value=read_pasted(**question, ledger=ledger, lake=lake))


def _freeze(lake: Lake, ledger: Ledger, options: WebOptions, question: Mapping[str, Any]) -> Answer:
    from entrepot.cases import freeze, open_store, read_policy

    policy = read_policy(question["policy"]) if question["policy"] else None
    with tempfile.TemporaryDirectory() as folder, open_store(question["where"], policy=policy) as store:
        path = Path(folder) / "case.zip"
        given = {name: question[name] for name in ("by", "at", "is_public")}
        made = freeze(store, question["case_id"], path, lake=lake, **given)
        return Answer(value={"manifest_sha256": made.manifest_sha256, "content": path.read_bytes()})


_ANSWERS: Mapping[str, Callable[[Lake, Ledger, WebOptions, Mapping[str, Any]], Answer]] = {
    "routes": _routes,
    "mirror": _mirror,
    "effect": _effect,
    "read": _read,
    "freeze": _freeze,
}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
