"""The page of a check: records that need a person first, each with what fired, why, and what would clear it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from entrepot.lake import Table
from entrepot.report.writing import template, write_whole

# A page is for reading; the file formats hold every row.
MOST_RECORDS = 500
_GRAVITY = {"stop": 0, "ask": 1, "pass": 2}


@dataclass(frozen=True)
class Told:
    """A record on the page.

    Attributes:
        decision: pass, ask or stop.
        ground: of a stop, duty or own_risk; else "".
        fired: rows of flags that fired, faults of own control first.
        missing: flag id -> what it lacked.
        n_clear: flags that looked and saw nothing.
    """

    record_id: str
    decision: str
    ground: str
    fired: tuple[dict[str, Any], ...]
    missing: tuple[tuple[str, str], ...]
    n_clear: int


def write_check(
    answer: Table, counts: Mapping[str, int], path: Path, *, as_of: str, policy: str, language: str = "en"
) -> int:
    """Write the answer of a check as one HTML page that needs no network; return how many records it shows.

    Args:
        answer: columns of ``check``, of the records to be shown.
        counts: decision -> records, of all that were checked.
        path: of the page.
        as_of: the day of the check.
        policy: its title.
        language: of the page: Russian, or English for every other.

    Raises:
        SourceError: the file cannot be written.
    """
    records = sorted(_records(answer), key=lambda told: (_GRAVITY[told.decision], -len(told.fired)))
    page = template("check.html.j2").render(
        records=records,
        counts=counts,
        n_records=sum(counts.values()),
        as_of=as_of,
        policy=policy,
        words=_WORDS.get(language, _WORDS["en"]),
        language=language if language in _WORDS else "en",
    )
    write_whole(page, path)
    return len(records)


def _records(answer: Table) -> Iterator[Told]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in answer:
        rows.setdefault(row["record_id"], []).append(row)
    for record_id, of_record in rows.items():
        first = of_record[0]
        yield Told(
            record_id,
            first["decision"],
            first["decision_ground"] or "",
            tuple(row for row in of_record if row["outcome"] == "fired"),
            tuple(
                (row["flag_id"], row["missing_fields"] or "") for row in of_record if row["outcome"] == "missing_fields"
            ),
            sum(row["outcome"] == "clear" for row in of_record),
        )


_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Check of records",
        "records": "records as known on",
        "stop": "stop",
        "ask": "ask",
        "pass": "pass",
        "duty": "stop (duty)",
        "own_risk": "stop (own risk decision)",
        "policy": "Policy",
        "caution": (
            "A flag that fired is a reason to look. It is not a finding, and what looks the same and is lawful stands"
            " beside it."
        ),
        "shadow": "shadow: told, never part of a decision",
        "own_control": "a fault of own control, not of the customer",
        "why": "why",
        "evidence": "evidence",
        "rests": "rests on",
        "law": "a law",
        "official": "an official source; the number is ours",
        "ours": "our own proposal",
        "innocent": "lawful look-alikes",
        "clear": "would clear it",
        "to_ask": "to ask",
        "lacking": "Not decided for want of data",
        "saw_nothing": "flags looked and saw nothing.",
        "shown": "records are shown: those on which something fired or was missing, gravest first, of",
        "every_row": "--out with .csv or .parquet writes every row.",
    },
    "ru": {
        "title": "Проверка записей",
        "records": "записей по состоянию знаний на",
        "stop": "остановить",
        "ask": "спросить",
        "pass": "пропустить",
        "duty": "остановить (обязанность по закону)",
        "own_risk": "остановить (собственное решение о риске)",
        "policy": "Политика",
        "caution": (
            "Сработавший признак — повод посмотреть, а не вывод; рядом стоит то, что выглядит так же и законно."
        ),
        "shadow": "теневой: показывается, на решение не влияет",
        "own_control": "ошибка собственного контроля, а не клиента",
        "why": "почему",
        "evidence": "данные",
        "rests": "основание",
        "law": "закон",
        "official": "официальный источник; число наше",
        "ours": "наше предложение",
        "innocent": "законные объяснения",
        "clear": "что снимет вопрос",
        "to_ask": "что спросить",
        "lacking": "Не решено из-за нехватки данных",
        "saw_nothing": "признаков проверено без замечаний.",
        "shown": "записей показано: те, где что-то сработало или чего-то не хватает, сначала важнейшие; всего",
        "every_row": "Все строки пишет --out с .csv или .parquet.",
    },
}
