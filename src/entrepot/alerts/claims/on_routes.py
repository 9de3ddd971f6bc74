"""Routes: whether more goes through an intermediary than its controls explain, where a claim speaks of re-export."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from entrepot.alerts.claims.claim import Claim
from entrepot.alerts.claims.finding import Finding
from entrepot.alerts.claims.goods import goods_of
from entrepot.alerts.claims.parts import parts_of
from entrepot.alerts.claims.words import says
from entrepot.codes import bloc_ids, day_text
from entrepot.errors import CodeError, ConfigError, EstimateError
from entrepot.lake import Lake

MARKET, EVENT = "RUS", "2022-03"
# An excess below this share of the trade is none that speaks for a claim; above it the data cannot tell.
_HARDLY = 0.25


def on_routes(claim: Claim, lake: Lake | None) -> Finding | None:
    """Return what the estimate of routes says; None where no re-export through somebody is claimed."""
    if not says(claim.quote, "reexport") or says(claim.quote, "restricting"):
        return None
    destination, vias = _way(claim)
    goods = goods_of(claim)
    if not vias or goods.unknown:
        return None
    if lake is None:
        return Finding("routes", "no_data", "No lake was given.")
    event = _event(claim)
    question = {"via": ",".join(vias), "products": ",".join(goods.codes) or "all", "as_of": claim.as_of[:7]}
    goods_asked = question["products"][:80]
    asked = f"routes --destination {destination} --event {event} --via {question['via']} --products {goods_asked}"
    try:
        found = _estimated(lake, lake.version().version, destination, event, *question.values())
    except (EstimateError, ConfigError, CodeError) as error:
        return Finding("routes", "no_data", f"Routes cannot be estimated: {error}", query=asked)
    return _answer(claim, found, vias, destination, asked)


@lru_cache(maxsize=32)
def _estimated(
    lake: Lake, version: int, destination: str, event: str, via: str, products: str, as_of: str
) -> list[dict[str, Any]]:
    """The rows of one question, worked out once a version of the lake."""
    from entrepot.flows import routes

    return list(routes(lake, destination=destination, event=event, via=via, products=products, as_of=as_of).rows())


def _way(claim: Claim) -> tuple[str, tuple[str, ...]]:
    """The market and the intermediaries: who is named as via, else who sends or takes and is not the market."""
    parts = parts_of(claim)
    markets = [code for code in parts.importers if code in (MARKET, "BLR", "IRN", "PRK")]
    destination = markets[0] if markets else MARKET
    vias = parts.vias or tuple(code for code in (*parts.exporters, *parts.importers) if code != destination)
    return destination, tuple(code for code in vias if code not in bloc_ids() and len(code) == 3)


def _event(claim: Claim) -> str:
    for span in claim.spans:
        if span.how in ("since", "after") and "2014-01" <= day_text(span.first)[:7] <= claim.as_of[:7]:
            return day_text(span.first)[:7]
    return EVENT


def _answer(
    claim: Claim, found: Sequence[dict[str, Any]], vias: tuple[str, ...], destination: str, asked: str
) -> Finding:
    rows = [row for row in found if row["via_iso3"] in vias]
    tested = [row for row in rows if row["excess"] is not None and row["p_value"] is not None]
    if not tested:
        reasons = sorted({part for row in rows for part in str(row["caveats"] or "").split("; ") if part})
        told = f"No product could be tested ({', '.join(reasons[:4]) or 'no rows'})."
        return Finding("routes", "no_data", told, query=asked)
    seen = [row for row in tested if row["is_alert"]] or [row for row in tested if _is_seen(row)]
    who = ", ".join(vias)
    share = sum(row["excess"] for row in tested) / max(sum(row["observed"] for row in tested), 1e-9)
    if seen:
        verdict, told, contrary = "supported", _told(seen, tested, who, destination), _contrary(seen)
    else:
        best = min(tested, key=lambda row: row["p_value"])
        told = (
            f"None of {len(tested)} products through {who} to {destination} takes more than its controls explain for"
            f" sure; together {100 * share:.0f} % of the trade is above them (foremost {best['product_id']},"
            f" p {best['p_value']:.2f})."
        )
        verdict = "contradicted" if share <= _HARDLY else "no_data"
        contrary = "Trade below the noise of its own past, or not reported, would not show."
    ids = tuple(f"route-{row['via_iso3']}-{row['product_id']}" for row in (seen or tested)[:5])
    finding = Finding("routes", verdict, told, ids, asked, contrary)
    return finding.reversed() if claim.is_negated else finding


def _is_seen(row: dict[str, Any]) -> bool:
    """No alert, but what goes on exceeds its past for sure, and what comes in does under every control set."""
    out = row.get("out_excess_low")
    return row["evidence"] == "both" and out is not None and out > 0 and (row["excess_min"] or 0) > 0


def _told(seen: Sequence[dict[str, Any]], tested: Sequence[dict[str, Any]], who: str, destination: str) -> str:
    first = seen[0]
    window = f"{first['window_start']} to {first['window_end']}"
    if first["is_alert"]:
        least = sum(row["excess_low"] for row in seen)
        return (
            f"Consistent with it: {len(seen)} of {len(tested)} products through {who} to {destination} take more than"
            f" their controls explain, at least {least:,.0f} {first['currency']} over {window}; foremost"
            f" {first['product_id']}."
        )
    return (
        f"Consistent with it: of {first['product_id']} {who} sent at least {first['out_excess_low']:,.0f}"
        f" {first['currency']} more on to {destination} over {window} than its past explains, and took"
        f" {first['excess_min']:,.0f} to {first['excess_max']:,.0f} more in, by control set. It is no alert"
        f" (p {first['p_value']:.2f})."
    )


def _contrary(seen: Sequence[dict[str, Any]]) -> str:
    usual = "Excess is not guilt: relocation and direct purchases look the same."
    return f"{seen[0].get('counter_explanation') or ''} {usual}".strip()
