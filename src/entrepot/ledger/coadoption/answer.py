"""The answer to one question of co-adoption."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import permutations
from typing import Any

import numpy as np

from entrepot.codes import bloc_ids, day_text, members, parse_day
from entrepot.errors import EstimateError
from entrepot.ledger.coadoption.chance import Days, closeness, share_of_moves
from entrepot.ledger.coadoption.diffusion import Diffusion, diffusion
from entrepot.ledger.coadoption.pairs import Pair, apart, couples, only_date, stage_pairs
from entrepot.ledger.coadoption.topics import DealtTopics, stage_date
from entrepot.ledger.coadoption.triggers import Other, others_of, triggers
from entrepot.ledger.columns import topic_of
from entrepot.ledger.entry import Entry
from entrepot.ledger.filters import Filters
from entrepot.ledger.ledger import Ledger

CAVEATS = {
    "not_declared_complete": "The ledger is not declared complete for these jurisdictions, topic and period, so how"
    " surprising the closeness is cannot be said; the entries may have been collected because they lie close.",
    "declared_for_this_run": "Complete by the declaration of who asked, not of a pack.",
    "bloc_and_member": "A bloc and its member are both asked for; their acts are not independent.",
    "allegations_shown": "Pairs with an allegation, report or draft are shown and get no p-value.",
    "common_season": "Chance is taken as even over the period; where both make laws in the same season, closeness is"
    " less surprising than the p-value says.",
    "short_period": "The period is shorter than three years; few moves are distinct.",
}


@dataclass(frozen=True)
class CoAdoption:
    """Every pair of acts, with how close it is.

    Attributes:
        pairs: every candidate pair, closest first; never only the closest.
        diffusion: who followed whom, for each ordered pair of jurisdictions.
        parameters: the question as it was answered.
        caveats: keys of CAVEATS that hold.
    """

    pairs: tuple[Pair, ...]
    diffusion: tuple[Diffusion, ...]
    parameters: dict[str, Any]
    caveats: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the answer as plain values: pairs, diffusion, parameters, caveats with their texts."""
        return {
            "pairs": [{**asdict(pair), "date_a": str(pair.date_a), "date_b": str(pair.date_b)} for pair in self.pairs],
            "diffusion": [asdict(row) for row in self.diffusion],
            "parameters": self.parameters,
            "caveats": {key: CAVEATS[key] for key in self.caveats},
        }


def coadoption(
    ledger: Ledger,
    *,
    topic: str,
    jurisdictions: Iterable[str],
    window: int = 30,
    horizon: int = 365,
    trigger_days: int = 60,
    since: str | None = None,
    until: str | None = None,
    known: str,
    is_complete: bool = False,
) -> CoAdoption:
    """Return how close in time the acts of jurisdictions on a topic are. It never says who coordinated whom.

    Args:
        topic: one of :func:`topics`.
        jurisdictions: at least two codes.
        window: days within which two acts are called simultaneous.
        horizon: days within which one may be said to follow the other.
        trigger_days: how long before a pair acts of others are looked for.
        since, until: first and last day; by default those of the acts found.
        known: knowledge of which day.
        is_complete: who asks declares that the ledger holds every act of these jurisdictions on the topic in the
            period.

    Raises:
        NotFound: no such topic or jurisdiction.
        EstimateError: fewer than two jurisdictions.
    """
    asked = tuple(sorted(set(jurisdictions)))
    ledger.refuse_unknown(Filters(topics=(topic,), jurisdictions=asked))
    if len(asked) < 2:
        raise EstimateError("two jurisdictions at least are compared", remedy="Name them as --jurisdictions A,B.")
    chosen = Filters(topics=(topic,), jurisdictions=asked, since=since, until=until)
    # A provision is a duty inside an act that is there itself.
    found = [one.entry for one in ledger.select(chosen, on=known)]
    acts = [e for e in found if e.kind not in ("judgement", "provision") and only_date(e)]
    period = _period(acts, since, until)
    declared = ledger.is_complete(jurisdictions=asked, topic=topic, first=day_text(period[0]), last=day_text(period[1]))
    # What begins neither in the period nor shortly before a date of the acts is no trigger and no part of its share.
    dates = [date for act in acts for date in act.dates.values()]
    first = day_text(min([period[0], *(date.first for date in dates)]) - trigger_days)
    last = day_text(max([period[1], *(date.last for date in dates)]))
    near = Filters(since=None if first == ".." else first, until=None if last == ".." else last)
    others = others_of(one.entry for one in ledger.select(near, on=known))
    dealt = _dealt(ledger, asked, topic, period, known)
    pairs = _pairs(acts, others, topic, period, window, trigger_days, has_p=declared or is_complete, dealt=dealt)
    rows = _diffusion(acts, asked, period, window, horizon, is_complete=declared or is_complete)
    parameters = {
        **{"topic": topic, "jurisdictions": list(asked), "window_days": window, "horizon_days": horizon},
        **{"since": day_text(period[0]), "until": day_text(period[1]), "known": known, "trigger_days": trigger_days},
        **{"acts": {code: sum(e.jurisdiction == code for e in acts) for code in asked}},
        **{"complete": "pack" if declared else "caller" if is_complete else None},
        "simultaneous_means": f"the two dates of one stage lie at most {window} days apart",
    }
    caveats = _caveats(acts, asked, period, declared=declared, is_complete=is_complete)
    return CoAdoption(pairs, rows, parameters, caveats)


def _dealt(
    ledger: Ledger, asked: tuple[str, ...], topic: str, period: tuple[int, int], known: str
) -> DealtTopics | None:
    """Chance over topics, where packs declare every topic of these jurisdictions in the period complete."""
    first, last = (day_text(day) for day in period)
    found = ledger.select(Filters(jurisdictions=asked, since=first, until=last), on=known)
    acts = [
        act
        for one in found
        if (act := one.entry).kind not in ("judgement", "provision", "membership") and only_date(act)
    ]
    topics = {topic_of(act) for act in acts}
    whole = all(ledger.is_complete(jurisdictions=asked, topic=one, first=first, last=last) for one in topics)
    return DealtTopics(acts, topic) if whole and topics > {topic} else None


def _period(acts: Sequence[Entry], since: str | None, until: str | None) -> tuple[int, int]:
    days = [day for act in acts if (date := only_date(act)) for day in (date.first, date.last) if 0 < day < 4_000_000]
    first = parse_day(since) if since else min(days, default=1)
    return first, max(parse_day(until) if until else max(days, default=1), first)


def _pairs(
    acts: Sequence[Entry],
    others: Sequence[Other],
    topic: str,
    period: tuple[int, int],
    window: int,
    trigger_days: int,
    *,
    has_p: bool,
    dealt: DealtTopics | None,
) -> tuple[Pair, ...]:
    chance = _Chance(acts, period) if has_p else None
    found = []
    for a, b in couples(acts):
        for stage, first, second in stage_pairs(a, b):
            low, high = apart(first, second)
            is_tested = a.status is None and b.status is None
            is_tested_here = is_tested and first.is_day and second.is_day
            p_values = chance.of(a, b, stage, low) if chance and is_tested_here else None
            over_topics = dealt.of(first.first, b.jurisdiction, stage, low) if dealt and is_tested_here else None
            day = min(first.first, second.first)
            found.append(
                Pair(
                    a=a.entry_id,
                    b=b.entry_id,
                    jurisdiction_a=a.jurisdiction,
                    jurisdiction_b=b.jurisdiction,
                    topic=topic,
                    stage=stage,
                    date_a=first,
                    date_b=second,
                    days=second.first - first.first if first.is_day and second.is_day else None,
                    days_low=low,
                    days_high=high,
                    is_simultaneous=True if high <= window else False if low > window else None,
                    is_tested=is_tested,
                    p_value=p_values[0] if p_values else None,
                    p_family=p_values[1] if p_values else None,
                    p_topics=over_topics,
                    rival_triggers=triggers(a, b, day=day, others=others, within=trigger_days, period=period),
                )
            )
    return tuple(sorted(found, key=lambda pair: (pair.days_low, pair.a, pair.b, pair.stage)))


class _Chance:
    """P-values of pairs; each two calendars are moved against each other once."""

    def __init__(self, acts: Sequence[Entry], period: tuple[int, int]) -> None:
        self._acts, self._first, self._length = acts, period[0], period[1] - period[0] + 1
        self._moved: dict[tuple[str, str, str], tuple[dict[str, int], Any]] = {}

    def of(self, a: Entry, b: Entry, stage: str, days: int) -> tuple[float, float]:
        """Return the p-value of the pair, and that of any pair of the two jurisdictions being as close."""
        key = (a.jurisdiction, b.jurisdiction, stage)
        if key not in self._moved:
            ids, first = self._calendar(a.jurisdiction, stage)
            _, second = self._calendar(b.jurisdiction, stage)
            self._moved[key] = (ids, closeness(first, second, length=self._length))
        places, moved = self._moved[key]
        # Round the period the two may lie closer than they did; what lies far apart is not called close by it.
        p_value = share_of_moves(moved[:, places[a.entry_id]], days, is_small=True)
        return p_value, share_of_moves(moved.min(axis=1), days, is_small=True)

    def _calendar(self, jurisdiction: str, stage: str) -> tuple[dict[str, int], Days]:
        dated = [(e.entry_id, stage_date(e, stage)) for e in self._acts if e.jurisdiction == jurisdiction]
        days = [(entry_id, date.first) for entry_id, date in dated if date is not None and date.is_day]
        places = {entry_id: place for place, (entry_id, _) in enumerate(days)}
        return places, np.array([day - self._first for _, day in days], dtype=np.int64)


def _diffusion(
    acts: Sequence[Entry],
    asked: Sequence[str],
    period: tuple[int, int],
    window: int,
    horizon: int,
    *,
    is_complete: bool,
) -> tuple[Diffusion, ...]:
    days: dict[str, Days] = {}
    for code in asked:
        dates = [only_date(act) for act in acts if act.jurisdiction == code and act.status is None]
        days[code] = np.array(sorted(d.first - period[0] for d in dates if d and d.is_day), dtype=np.int64)
    length = period[1] - period[0] + 1
    return tuple(
        diffusion(a, b, days[a], days[b], length=length, window=window, horizon=horizon, is_complete=is_complete)
        for a, b in permutations(asked, 2)
    )


def _caveats(
    acts: Sequence[Entry], asked: Sequence[str], period: tuple[int, int], *, declared: bool, is_complete: bool
) -> tuple[str, ...]:
    day = day_text(period[1])
    blocs = [code for code in asked if code in bloc_ids() or code == "EU"]
    inside = {iso3 for bloc in blocs for iso3 in members("EU27" if bloc == "EU" else bloc, on=day)}
    has_p = declared or is_complete
    found = {
        "not_declared_complete": not has_p,
        "declared_for_this_run": is_complete and not declared,
        "bloc_and_member": bool(inside & set(asked)),
        "allegations_shown": any(act.status for act in acts),
        "common_season": has_p,
        "short_period": has_p and period[1] - period[0] < 3 * 365,
    }
    return tuple(key for key, holds in found.items() if holds)
