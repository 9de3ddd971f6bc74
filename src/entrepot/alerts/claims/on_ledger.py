"""Ledger: is there such a measure, on that date, in that status, with that limit; who else says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from entrepot.alerts.claims.acts import SAYINGS, Fit, fits_of, topics_asked
from entrepot.alerts.claims.claim import Claim
from entrepot.alerts.claims.finding import Finding
from entrepot.alerts.claims.words import says
from entrepot.codes import Dated
from entrepot.ledger import Entry, Ledger

_STAGES = {
    "stage_signed": ("signed", "adopted", "published", "announced", "date"),
    "stage_adopted": ("adopted", "signed", "published", "announced", "date"),
    "stage_announced": ("announced", "published", "adopted", "date"),
    "stage_effective": ("effective", "date"),
}
_ANY = ("announced", "adopted", "signed", "published", "effective", "date")
_RESTRICTING_INSTRUMENTS = re.compile(r"ban|suspension|suspended|restriction|freeze|control$|membership_ended")
_LIMIT = re.compile(
    r"\b(\d[\d,. ]*\d|\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|fifty)\b[- ]*"
    r"(?P<unit>%|percent|months?|years?|days?|(?:bank |SIM |payment )*cards?|numbers?|goods|firms|banks|cc)",
    re.I,
)
_USD = re.compile(r"(?:USD|\$)\s?(\d[\d,]*)|(\d[\d,]*)\s*(?:US )?(?:dollars|USD|долл)", re.I)
_WORDED_AS_DENIAL = re.compile(
    r"\b(no longer|not (be )?(accepted|allowed|permitted|valid)|may not|must not|no more than|not more than|"
    r"больше не|не более|не принима\w*)\b",
    re.I,
)
_PAST = re.compile(r"\b(accepted|took|worked|allowed|issued|was|were|had|could|used to|принимал\w*|работал\w*)\b", re.I)
_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "fifty": 50,
}  # fmt: skip
_UNITS = {"year": ("month", 12.0), "percent": ("%", 1.0), "bank card": ("card", 1.0), "sim card": ("number", 1.0)}


@dataclass(frozen=True, slots=True)
class _Judged:
    fit: Fit
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


def on_ledger(claim: Claim, ledger: Ledger) -> Finding | None:
    """Return what the ledger says of a measure; None where the claim is not about any."""
    if not is_about_measures(claim):
        return None
    fits = fits_of(claim, ledger)
    query = f"measures list --jurisdiction .. --topic {','.join(topics_asked(claim)) or 'any'} --on {claim.as_of}"
    spoken = [fit for fit in fits if _is_saying(fit.entry, claim)]
    acts = [fit for fit in fits if not _is_saying(fit.entry, claim)]
    judged = [_Judged(fit, tuple(_faults(claim, fit))) for fit in acts]
    judged = _on_limits(claim, [one for one in judged if not _is_pause(one.fit.entry, claim)])
    best = max((one.fit.score for one in judged), default=0.0)
    said = max((fit.score for fit in spoken if fit.is_sure), default=0.0)
    told = max((fit.score for fit in spoken if fit.is_sure and _date_fault(claim, fit.entry) is None), default=0.0)
    is_dated = bool(claim.spans or claim.recurring)
    is_met = is_dated and any(one.holds and one.fit.is_sure for one in judged)
    if (said > best + 0.05 and not is_met) or (
        is_dated and told >= best - 0.1 and not any(one.holds for one in judged)
    ):
        # What is only alleged fits better than any act: acts on other days say nothing against it.
        return _nothing(claim, judged, spoken, _also(spoken), query)
    near = [one for one in judged if one.fit.score >= best - 0.2 and (one.fit.is_sure or not claim.spans)]
    also = _also(spoken)
    if holding := [one for one in judged if one.holds and one.fit.is_sure and one.fit.score >= best - 0.2]:
        against = [one for one in near if not one.holds and one.fit.score > holding[0].fit.score]
        opposite = [one for one in judged if one.fit.is_sure and _is_opposite_now(claim, one.fit)]
        if opposite and says(claim.quote, "everyone"):
            # What is said of all is contradicted by one.
            return _turned(claim, _found("contradicted", opposite, holding, also, query, claim))
        return _turned(claim, _found("supported", holding, against, also, query, claim))
    if against := [one for one in near if not one.holds and one.fit.is_sure and not _is_beside(claim, one.fit.entry)]:
        return _turned(claim, _found("contradicted", against, [], also, query, claim))
    return _nothing(claim, judged, spoken, also, query)


def _is_beside(claim: Claim, entry: Entry) -> bool:
    """Whether a claim tells of a stop, and the act neither stops nor allows: its days say nothing against it."""
    return says(claim.quote, "restricting", "ended", "suspended") and _sense(entry) == ""


def _on_limits(claim: Claim, judged: list[_Judged]) -> list[_Judged]:
    """Where the claim names a number with its unit, the acts that have one of that unit, if any does."""
    units = set(_limits(claim.quote))
    having = [one for one in judged if one.fit.is_sure and units & set(_limits(_limit_text(one.fit.entry)))]
    return having or judged


def _is_pause(entry: Entry, claim: Claim) -> bool:
    """Whether an act only pauses or revives another one, and the claim speaks of no pause."""
    return entry.instrument in ("suspension", "licence") and not says(claim.quote, "suspended", "ended")


def is_about_measures(claim: Claim) -> bool:
    """Return whether a claim tells of a rule or decision that a ledger could hold."""
    if not says(claim.quote, "act", "planned", "ended", "restricting"):
        return False
    asked = [one for one in topics_asked(claim) if one != "membership"]
    return bool(asked) and bool(claim.mentions or claim.parties)


def _is_saying(entry: Entry, claim: Claim) -> bool:
    is_draft = entry.status == "proposed" and says(claim.quote, "planned")
    return entry.instrument in SAYINGS or (entry.status is not None and not is_draft)


def _turned(claim: Claim, finding: Finding) -> Finding:
    # "no longer", "not accepted" are how a stop is worded, not a denial of it.
    return finding.reversed() if _is_denial(claim) else finding


def _is_denial(claim: Claim) -> bool:
    if not claim.is_negated:
        return False
    rest = _WORDED_AS_DENIAL.sub(" ", claim.quote)
    return says(rest, "negation") or not says(claim.quote, "negation")


def _faults(claim: Claim, fit: Fit) -> list[str]:
    """What of the claim does not fit the entry; empty where all of it does."""
    entry = fit.entry
    if _sense(entry) == "permitting" and says(claim.quote, "restricting"):
        return _stop_faults(claim, fit)
    if "no such" in entry.title:
        return ["it records that there is none"]
    faults = []
    if (found := _date_fault(claim, entry)) is not None:
        faults.append(found)
    if (found := _limit_fault(claim, entry)) is not None:
        faults.append(found)
    if _is_opposite(claim, entry):
        faults.append(f"it is a {_sense(entry)} act, {fit.standing.why}")
    elif (found := _status_fault(claim, fit)) is not None:
        faults.append(found)
    return faults


def _stop_faults(claim: Claim, fit: Fit) -> list[str]:
    """What does not fit where a claim tells the end of what an entry permits."""
    end = fit.entry.dates.get("removed")
    if end is None or fit.standing.status in ("announced", "in_force"):
        return [f"it permits, {fit.standing.why}"]
    one = claim.spans[0] if claim.spans else None
    fits = one is None or one.how in ("since", "after") or one.meets(end.first, end.last, slack=1)
    return [] if fits else [f"it ended {end}"]


def _date_fault(claim: Claim, entry: Entry) -> str | None:
    stages = next((names for kind, names in _STAGES.items() if says(claim.quote, kind)), _ANY)
    dates = {name: entry.dates[name] for name in stages if name in entry.dates} or entry.dates
    if says(claim.quote, "ended") and "removed" in entry.dates:
        dates = {"removed": entry.dates["removed"]}
    held = ", ".join(f"{name} {when}" for name, when in entry.dates.items())
    if (season := claim.recurring) is not None:
        fits = any(_recurs(when, season) for when in entry.dates.values())
        return None if fits else f"the days held are {held}"
    if not claim.spans or _is_state_on_day(claim):
        return None
    one = claim.spans[0]
    if one.how in ("before", "until"):
        fits = any(when.first <= one.last for when in dates.values())
    elif one.how == "after":
        fits = any(one.first <= when.last <= one.last + 31 for when in dates.values())
    else:
        fits = any(one.meets(when.first, when.last) for when in dates.values())
        # Of a month or a year any stage will do: which one the words mean is hardly sure.
        fits = fits or (one.last > one.first and any(one.meets(w.first, w.last) for w in entry.dates.values()))
    return None if fits else f"the days held are {held}"


def _is_state_on_day(claim: Claim) -> bool:
    """``In 2023 banks accepted Mir``: a state on a day, not the day of an act."""
    is_state = says(claim.quote, "in_force") or (
        says(claim.quote, "allowing") and not says(claim.quote, "stage_adopted")
    )
    return (
        is_state and claim.spans[0].how in ("in", "before") and not says(claim.quote, "stage_effective", "stage_signed")
    )


def _recurs(when: Dated, season: tuple[int, int | None]) -> bool:
    if when.last - when.first > 31 or when.first < 1:
        return False
    day = date.fromordinal(when.first)
    return day.month == season[0] and (season[1] is None or not when.is_day or day.day == season[1])


def _status_fault(claim: Claim, fit: Fit) -> str | None:
    status = fit.standing.status
    if says(claim.quote, "ended") and not says(claim.quote, "in_force"):
        return None if status == "ended" else f"it is {status}: {fit.standing.why}"
    is_paused = says(claim.quote, "suspended") and status != "ended" and bool(fit.entry.suspensions)
    if is_paused:
        return None if status == "suspended" else f"it is {status}: {fit.standing.why}"
    if status == "suspended" and says(claim.quote, "in_force"):
        return f"it is suspended: {fit.standing.why}"
    is_open = _sense(fit.entry) == "permitting" and not _PAST.search(claim.quote)
    is_now = (is_open or says(claim.quote, "in_force")) and not says(claim.quote, "planned")
    if status == "ended" and is_now:
        return f"it is ended: {fit.standing.why}"
    if status == "announced" and is_now and fit.entry.start is not None:
        return f"it has not begun: {fit.standing.why}"
    return None


def _sense(entry: Entry) -> str:
    text = f"{entry.title} {entry.instrument}"
    if entry.instrument == "payment_scheme":
        return "permitting"
    if says(entry.title, "allowing") and not says(entry.title, "restricting"):
        return "permitting"
    is_restricting = says(text, "restricting") or bool(_RESTRICTING_INSTRUMENTS.search(entry.instrument))
    return "restricting" if is_restricting else ""


def _is_opposite(claim: Claim, entry: Entry) -> bool:
    restricts, allows = says(claim.quote, "restricting"), says(claim.quote, "allowing")
    sense = _sense(entry)
    if sense == "restricting":
        return allows and not restricts and not says(claim.quote, "ended")
    return sense == "permitting" and restricts and not allows and not says(claim.quote, "ended", "suspended")


def _is_opposite_now(claim: Claim, fit: Fit) -> bool:
    return _is_opposite(claim, fit.entry) and fit.standing.status == "in_force"


def _limit_fault(claim: Claim, entry: Entry) -> str | None:
    """A number with a unit that the entry has another number of."""
    mine, theirs = _limits(claim.quote), _limits(_limit_text(entry))
    for unit, values in mine.items():
        known = theirs.get(unit)
        if known and not values & known:
            return f"it has {', '.join(f'{v:g}' for v in sorted(known))} ({unit})"
    return None


def _limit_text(entry: Entry) -> str:
    return f"{entry.title}. {entry.scope}. {_facts(entry)}"


def _facts(entry: Entry) -> str:
    words = {
        "months_valid": "months",
        "cards_per_bank": "cards",
        "numbers_per_person": "numbers",
        "share_pct": "percent",
    }
    return ". ".join(f"{value} {words[name]}" for name, value in entry.facts.items() if name in words)


def _limits(text: str) -> dict[str, set[float]]:
    found: dict[str, set[float]] = {}
    for match in _USD.finditer(text):
        found.setdefault("USD", set()).add(float((match[1] or match[2]).replace(",", "").rstrip(".")))
    for match in _LIMIT.finditer(text):
        said = match[1].lower()
        try:
            value = float(_NUMBERS[said]) if said in _NUMBERS else float(re.sub(r"[ ,]", "", said).rstrip("."))
        except ValueError:
            continue
        unit = " ".join(match["unit"].lower().split())
        unit = unit if unit == "%" else unit.removesuffix("s")
        unit, scale = _UNITS.get(unit, (unit, 1.0))
        if not 1900 <= value <= 2100 or unit != "number":
            found.setdefault(unit, set()).add(value * scale)
    return found


def _found(
    verdict: str, chosen: Sequence[_Judged], against: Sequence[_Judged], also: str, query: str, claim: Claim
) -> Finding:
    shown = chosen[:3]
    texts = [_sentence(one) for one in shown]
    contrary = [_sentence(one) for one in against[:2]]
    doubts = [f"{one.fit.entry.entry_id}: {one.fit.entry.doubts[0]}" for one in shown if one.fit.entry.doubts]
    ids = tuple(one.fit.entry.entry_id for one in shown)
    return Finding("ledger", verdict, " ".join(texts), ids, query, " ".join([*contrary, also, *doubts[:1]]).strip())


def _sentence(one: _Judged) -> str:
    entry = one.fit.entry
    text = f"{entry.entry_id}: {entry.title} ({one.fit.standing.why}; {entry.sources[0].title})"
    return f"{text}; but {', and '.join(one.faults)}." if one.faults else f"{text}."


def _also(spoken: Sequence[Fit]) -> str:
    told = [f"{fit.entry.entry_id} ({fit.entry.status or 'a statement'}: {fit.entry.title})" for fit in spoken[:3]]
    return f"Also said, not recorded as an act: {'; '.join(told)}." if told else ""


def _nothing(claim: Claim, judged: Sequence[_Judged], spoken: Sequence[Fit], also: str, query: str) -> Finding:
    if says(claim.quote, "future") and not spoken and not says(claim.quote, "planned"):
        return Finding(
            "ledger", "not_checkable", "It tells what is to come; the ledger holds what was decided.", (), query
        )
    others = "; ".join(f"{one.fit.entry.entry_id} ({one.fit.entry.title})" for one in judged[:3])
    told = "The ledger holds no such act" + (f"; nearest are {others}." if others else ".")
    told += " It is not complete, so that says nothing against the claim."
    ids = tuple(fit.entry.entry_id for fit in spoken[:3])
    return Finding("ledger", "no_data", f"{told} {also}".strip(), ids, query)
