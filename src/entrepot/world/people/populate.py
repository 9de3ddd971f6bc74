"""populate: make a population of people, firms and what they do, and write it with its truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from entrepot.world.draws import Kind, draws
from entrepot.world.people import money, ordinary
from entrepot.world.people.banks import banks
from entrepot.world.people.doubles_people import DOUBLE_PEOPLE
from entrepot.world.people.doubles_trade import DOUBLE_TRADE
from entrepot.world.people.options import FIRST_DAY, PeopleOptions
from entrepot.world.people.planted_accounts import ACCOUNTS
from entrepot.world.people.planted_firms import FIRMS
from entrepot.world.people.planted_payments import PAYMENTS
from entrepot.world.people.planted_people import PEOPLE
from entrepot.world.people.planted_shipments import SHIPMENTS
from entrepot.world.people.sheets import Sheets
from entrepot.world.people.story import Made, Story
from entrepot.world.people.trade import Trade, trade
from entrepot.world.store import make_folder, write_text

Telling = tuple[str, str | None, Callable[[Story], None]]
PLANTED: tuple[Telling, ...] = (*PEOPLE, *ACCOUNTS, *PAYMENTS, *FIRMS, *SHIPMENTS)
DOUBLES: tuple[Telling, ...] = (*DOUBLE_PEOPLE, *DOUBLE_TRADE)
_LEAST = 3


@dataclass(frozen=True)
class Population:
    """Where a made population lies.

    Attributes:
        folder: holds all the files. options: what it was made from.
        files: kind of record -> its Parquet file, columns as in docs/records.md; empty kinds have a file without rows.
        truth: one row a record of a story, and a person or firm of the ordinary ones: story_id, record_kind,
            record_id, role (planted, part, double, ordinary), pattern, red_flag, citizenship, name_origin, script.
        counts: kind of record -> records.
    """

    folder: Path
    options: PeopleOptions
    files: dict[str, Path]
    truth: Path
    counts: dict[str, int]


def populate(folder: Path, options: PeopleOptions) -> Population:
    """Write a made population into ``folder`` and return where its files are.

    The same options give the same records. Files of an earlier population in the folder are replaced.

    Args:
        folder: made if absent.
        options: how many, which seed; see PeopleOptions.

    Raises:
        SourceError: the folder cannot be made or written.

    Source: docs/methods/population.md.
    """
    make_folder(folder)
    luck = draws(options.seed, Kind.PEOPLE)
    with Sheets(folder, missing=options.missing, luck=draws(options.seed, Kind.PEOPLE, 1)) as sheets:
        made = Made(options, trade(options.trade), sheets, banks())
        _institutions(made)
        holders = ordinary.crowd(made, luck)
        money.deals(made, luck, holders)
        money.payments(made, luck, holders)
        for place, (pattern, red_flag, tell) in enumerate((*PLANTED, *DOUBLES)):
            for number in range(_stories(options, red_flag)):
                story = Story(made, place, number, pattern, red_flag)
                tell(story)
                story.close()
        files = sheets.finish()
        counts = {kind: _count(sheets, kind) for kind in files}
    write_text(folder / "README.txt", _readme(options))
    truth = files.pop("truth")
    return Population(folder, options, files, truth, counts)


def _stories(options: PeopleOptions, red_flag: str | None) -> int:
    share, of = (options.share_doubles, DOUBLES) if red_flag is None else (options.share_planted, PLANTED)
    return max(_LEAST, round(options.customers * share / len(of))) if share else 0


def _count(sheets: Sheets, kind: str) -> int:
    row = sheets.connection.execute(f"SELECT count(*) FROM {kind}").fetchone()
    return int(row[0]) if row else 0


def _institutions(made: Made) -> None:
    """Add the banks, and what industry and lists of prices say of goods."""
    for bank in made.banks:
        made.sheets.add(
            "bank",
            {
                "bic": bank.bic, "name": bank.name, "country": bank.country, "uses_spfs": bank.uses_spfs,
                "is_direct_participant": True, "profile_date": FIRST_DAY,
            },
        )  # fmt: skip
    for row in _references(made.trade):
        made.sheets.add("reference", row)


def _references(of: Trade) -> Sequence[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for good in of.listed:
        price = float(of.made.price[good] * of.piece_kg[good])
        rows.append(
            {
                "hs_code": of.code(int(good)), "kind": "list_price", "key": of.code(int(good)),
                "value": f"{price * 1.1:.2f}", "currency": "USD", "date": FIRST_DAY,
            }
        )  # fmt: skip
    for code in sorted({of.code(int(good)) for good in of.listed}):
        for place in ("KAZ", "TUR", "KGZ", "UZB", "ARM", "GEO"):
            makes = code[:4] != "8486" or place == "TUR"
            rows.append(
                {
                    "hs_code": code, "kind": "industry_level", "key": place, "value": "high" if makes else "low",
                    "date": FIRST_DAY,
                }
            )  # fmt: skip
    return rows


def _readme(options: PeopleOptions) -> str:
    knobs = "\n".join(f"- {name}: {getattr(options, name)}" for name in PeopleOptions.__dataclass_fields__)
    return f"SIMULATED people, firms and payments. Nobody here lives, no bank here exists.\n\n{knobs}\n"
