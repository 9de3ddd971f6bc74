"""Counter-explanations: what in the data accounts for a rise without any diversion, and what would change the answer.

Each rival is the share of the rise over the series' own past that it would account for. They overlap, are never added
up, and none is a cause: they say what an analyst must be able to answer first.

Source: docs/methods/pieces.md, section 8.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepot.codes import month_text
from entrepot.flows.between import Between
from entrepot.flows.leg import Leg
from entrepot.flows.panel import Floats
from entrepot.flows.pieces.looked import Looked, ends, month_excess
from entrepot.flows.pieces.piece import named, per_cent
from entrepot.flows.pieces.unit_price import moved
from entrepot.flows.pieces.weights import Weights

# Below this share of the rise a rival explains next to nothing.
_WORTH_SAYING = 0.1
# Growth is not carried on for ever: four times is what a past of three years can promise at most.
_MOST_GROWTH = np.log(4.0)
_LEAST_ACTIVE = 6


@dataclass(frozen=True)
class Rival:
    """One rival explanation: the share of the rise that it would account for, and how that is said."""

    share: float
    text: str


@dataclass(frozen=True)
class Counter:
    """What speaks most against a row, and what would change the answer; two sentences or so each."""

    explanation: str
    would_change: str


def counters(looked: Looked, weights: Weights, between: Between) -> dict[int, Counter]:
    """Return the strongest counter-explanation of each row looked at, and what would change the answer."""
    return {
        row: Counter(_explanation(looked, weights, between, row), _would_change(looked, row))
        for row in looked.rows.tolist()
        if looked.main(row)[1] >= 0
    }


def _explanation(looked: Looked, weights: Weights, between: Between, row: int) -> str:
    name, at = looked.main(row)
    inference = looked.legs[name].inference
    own = float(inference.expected["own"][at])
    rise = float(inference.observed[at]) - own
    if rise <= 0:
        return "There is no rise over the series' own past to explain."
    best = max(rivals(looked, weights, between, row), key=lambda rival: rival.share)
    if best.share < _WORTH_SAYING:
        return "Nothing else in the data accounts for a tenth of the rise over the series' own past."
    return f"{best.text} would account for {per_cent(min(best.share, 1.0))} of the rise over the series' own past."


def rivals(looked: Looked, weights: Weights, between: Between, row: int) -> list[Rival]:
    """Return every rival explanation of a row whose trade rose."""
    name, at = looked.main(row)
    leg, via = looked.legs[name], looked.via(row)
    expected = {control: float(money[at]) for control, money in leg.inference.expected.items()}
    own = expected["own"]
    rise = float(leg.inference.observed[at]) - own
    chapter = looked.data.products[looked.product(row)].codes[0][:2]
    return [
        Rival(own * np.expm1(trend(leg, at)) / rise, "Own growth: the series' own trend before the event, carried on,"),
        Rival((expected["sister"] - own) / rise, f"Sister goods also up: what other goods of chapter {chapter} did"),
        Rival((expected["via"] - own) / rise, f"Everything up: what all other goods to {named(via)} did"),
        Rival((expected["destination"] - own) / rise, "Up elsewhere, too: what the product did at other destinations"),
        Rival(
            own * _others_growth(looked, between, row) / rise, "Other origins also up: what other sellers' trade did"
        ),
        Rival(_price_share(looked, weights, row, name), "Price, not volume: the rise of the price of a kilogram"),
        _one_month(looked, leg, at),
    ]


def trend(leg: Leg, at: int) -> float:
    """Return the growth, in logs, that a series' own past promises from its level to the middle of the window after.

    The slope is that between the two halves of the past, drawn towards none by its own sampling error.
    """
    n = leg.panel.n_before
    flat = leg.panel.values[at, :n] / np.maximum(leg.inference.season[at, :n], 0.1)
    half = n // 2
    slope = change(flat[:half], flat[half:]) / (n / 2)
    # The level lies in the nearer half of the past, the window's middle half its length beyond the event.
    ahead = n / 4 + (leg.panel.values.shape[1] - n) / 2
    return float(np.clip(slope * ahead, -_MOST_GROWTH, _MOST_GROWTH))


def change(early: Floats, late: Floats) -> float:
    """Return the change of the mean in logs, drawn towards none by its own sampling error; unknown months left out."""
    early, late = (part[~np.isnan(part)] for part in (early, late))
    if min(len(early), len(late)) < 3 or early.mean() <= 0 or late.mean() <= 0:
        return 0.0
    size = float(np.log(late.mean() / early.mean()))
    error = sum(float(part.var(ddof=1)) / part.mean() ** 2 / len(part) for part in (early, late))
    return size * size**2 / (size**2 + error) if size else 0.0


def _others_growth(looked: Looked, between: Between, row: int) -> float:
    """Growth of what sellers outside the bloc of origins send of the product, as a share of its past.

    Some of them may be intermediaries themselves; whether the goods are the origins' own cannot be told here.
    """
    n = looked.data.scope.n_before
    places = between.of(looked.via(row), looked.product(row)) if looked.main(row)[0] == "in" else []
    if not places:
        return 0.0
    values = np.nansum(between.values[places], axis=0)
    if (values[:n] > 0).sum() < _LEAST_ACTIVE:
        return 0.0
    return float(np.expm1(change(values[:n], values[n:])))


def _price_share(looked: Looked, weights: Weights, row: int, leg: str) -> float:
    """Part of the change of log money that is a change of log price."""
    place = weights.place.get((leg, looked.via(row), looked.product(row)))
    if place is None:
        return 0.0
    price = float(moved(weights.log_price[place : place + 1], weights.n_before).size[0])
    at = looked.main(row)[1]
    inference = looked.legs[leg].inference
    observed, own = float(inference.observed[at]), float(inference.expected["own"][at])
    if not np.isfinite(price) or own <= 0 or observed <= own:
        return 0.0
    return price / float(np.log(observed / own))


def _one_month(looked: Looked, leg: Leg, at: int) -> Rival:
    """The largest month, less what the others came to on average."""
    excess = month_excess(leg, at, "own")
    known = np.flatnonzero(~np.isnan(excess))
    text = "One big month: the largest one alone"
    if len(known) < 4:
        return Rival(0.0, text)
    top = int(known[np.argmax(excess[known])])
    rest = excess[known[known != top]]
    share = float((excess[top] - max(rest.mean(), 0.0)) / excess[known].sum()) if excess[known].sum() > 0 else 0.0
    month = month_text(looked.data.scope.event_month + top)
    return Rival(share, f"One big month: {month} alone, beyond the average of the others,")


def _would_change(looked: Looked, row: int) -> str:
    """What would have to be otherwise, in numbers, and which data would tell."""
    name, at = looked.main(row)
    leg, control = looked.legs[name], looked.options.controls
    observed = float(leg.inference.observed[at])
    high = float(leg.inference.high[control][at])
    if bool(looked.ranking.is_alert[row]):
        # An alert's lower end allows for its having been picked.
        sure = observed - float(looked.ranking.numbers["excess_low"][row])
        texts = [_until_zero(observed, float(leg.inference.expected[control][at]), sure)]
        texts += _without_best_month(looked, leg, at, control)
    else:
        texts = _until_alert(looked, row, observed, high)
    return " ".join([*texts, *_unseen(looked, row)])


def _until_zero(observed: float, expected: float, high: float) -> str:
    if high <= 0:
        return "Any trade at all before the event would have to be found."
    times = observed / high
    return (
        f"The excess would no longer be sure if expected trade were {times:.1f} times what it is"
        f"{', or more than there was before' if expected <= 0 else ''}."
    )


def _without_best_month(looked: Looked, leg: Leg, at: int, control: str) -> list[str]:
    excess = month_excess(leg, at, control)
    if np.isnan(excess).all():
        return []
    top = int(np.nanargmax(excess))
    _, low, _ = ends(leg, at, control)
    month = month_text(looked.data.scope.event_month + top)
    if low - float(excess[top]) > 0:
        return [f"It would stand without its largest month, {month}."]
    return [f"It rests on its largest month, {month}: a correction of that report would undo it."]


def _until_alert(looked: Looked, row: int, observed: float, high: float) -> list[str]:
    numbers = looked.ranking.numbers
    if numbers["excess_min"][row] < 0 < numbers["excess_max"][row]:
        return ["The control sets disagree on whether there is an excess: only a better comparison would settle it."]
    q = float(numbers["q_value"][row])
    texts = []
    if observed <= high:
        need = f"{high / observed:.1f} times what it is" if observed > 0 else "more than none"
        texts.append(f"For an excess that is sure, observed trade would have to be {need}.")
    if q > looked.options.alpha:
        texts.append(f"An alert needs a q-value of {looked.options.alpha:g}; it is {q:.2f}. Further months would tell.")
    return texts


def _unseen(looked: Looked, row: int) -> list[str]:
    destination, via = named(looked.options.destination), named(looked.via(row))
    if looked.at(row, "out") < 0:
        return [f"Reports of {via}'s own exports to {destination} would show whether the goods went on."]
    if looked.at(row, "in") < 0:
        return [f"Reports of what the origins sent to {via} would show where the goods come from."]
    return []
