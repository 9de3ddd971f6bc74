"""Claims handed over: lines of JSON, a table, FollowTheMoney, schema.org, PROV-O."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entrepot.articles.model import Claim, Reading
from entrepot.errors import SourceError

if TYPE_CHECKING:
    from entrepot.lake import Table

CLAIM_TYPES = {
    "id": "VARCHAR",
    "quote": "VARCHAR",
    "start": "BIGINT",
    "end": "BIGINT",
    "speaker": "VARCHAR",
    "speaker_name": "VARCHAR",
    "speaker_role": "VARCHAR",
    "speaker_status": "VARCHAR",
    "speaker_alternatives": "VARCHAR",
    "via": "VARCHAR",
    "cue": "VARCHAR",
    "speech_form": "VARCHAR",
    "is_negated": "BOOLEAN",
    "quantities": "VARCHAR",
    "hedge": "VARCHAR",
    "topic": "VARCHAR",
    "topics_secondary": "VARCHAR",
    "entities": "VARCHAR",
    "date": "VARCHAR",
    "checks": "VARCHAR",
    "article": "VARCHAR",
    "extractor": "VARCHAR",
}
FORMS = ("claims", "ftm", "schema-org", "prov")
_LISTS = ("speaker_alternatives", "via", "topics_secondary", "entities")


def claim_rows(readings: Iterable[Reading]) -> list[dict[str, Any]]:
    """Return the claims of readings as plain data, grain one claim, fields as in the contract of ``read``."""
    return [claim.as_dict() for reading in readings for claim in reading.claims]


def claims_table(readings: Iterable[Reading]) -> Table:
    """Return claims as a table; lists are joined by ``;``, dates are EDTF, quantities and checks are JSON."""
    from entrepot.lake import Table

    return Table.from_rows([_flat(row) for row in claim_rows(readings)], CLAIM_TYPES)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    flat = {name: ";".join(row[name]) if name in _LISTS else row[name] for name in CLAIM_TYPES}
    flat["date"] = row["date"]["edtf"] or row["date"]["text"] if row["date"] else None
    return flat | {name: _json(row[name]) for name in ("quantities", "checks")}


def write_claims(readings: Sequence[Reading], path: Path, *, form: str = "claims") -> int:
    """Write claims to a file by its ending and form, whole or not at all; return how many claims.

    ``.jsonl`` holds one claim a line, ``.json`` the readings with their provenance, ``.csv`` and ``.parquet`` the
    table.

    Raises:
        SourceError: a form that the ending cannot hold.
    """
    n_claims = sum(len(reading.claims) for reading in readings)
    if form != "claims":
        _write(path, _formed(readings, path, form))
    elif path.suffix == ".jsonl":
        _write(path, "".join(f"{_json(row)}\n" for row in claim_rows(readings)))
    elif path.suffix == ".json":
        _write(path, _json([_whole(reading) for reading in readings], indent=1) + "\n")
    else:
        claims_table(readings).write(path)
    return n_claims


def _formed(readings: Sequence[Reading], path: Path, form: str) -> str:
    if path.suffix not in (".jsonl", ".json"):
        raise SourceError(f"{form} is JSON", where=str(path), remedy="End --out in .json or .jsonl.")
    items = {"ftm": as_ftm, "schema-org": as_schema_org, "prov": as_prov}[form]
    lines = [item for reading in readings for item in items(reading)]
    return "".join(f"{_json(line)}\n" for line in lines) if path.suffix == ".jsonl" else _json(lines, indent=1) + "\n"


def _whole(reading: Reading) -> dict[str, Any]:
    return {
        "provenance": _provenance(reading),
        "text": reading.text,
        "claims": [claim.as_dict() for claim in reading.claims],
    }


def _provenance(reading: Reading) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(reading.provenance)


def _json(value: Any, *, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _write(path: Path, text: str) -> None:
    import os

    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        scratch.write_bytes(text.encode("utf-8", "backslashreplace"))
        scratch.replace(path)
    except OSError as error:
        raise SourceError(str(error.strerror), where=str(path), remedy="Choose another --out.") from error
    finally:
        scratch.unlink(missing_ok=True)


def _stated(reading: Reading, name: str) -> list[str]:
    """What a text states; inferred values never enter an export that cannot say so."""
    known = reading.provenance.known.get(name)
    return [known.value] if known and (known.basis == "stated" or name in ("title", "language")) else []


def as_ftm(reading: Reading) -> Iterator[dict[str, Any]]:
    """Yield an article as FollowTheMoney: Article, a Mention a speaker, a Note a claim, an Event a date."""
    article = f"article-{reading.provenance.sha256[:16]}"
    properties = {
        "title": _stated(reading, "title"),
        "author": _stated(reading, "author"),
        "publishedAt": _stated(reading, "date"),
        "sourceUrl": _stated(reading, "address"),
        "bodyText": [reading.text],
        "language": _stated(reading, "language"),
        "fileName": [reading.provenance.file],
        "contentHash": [],
    }
    yield _entity(article, "Article", properties)
    names = {claim.speaker: claim.speaker_name for claim in reading.claims if claim.speaker != "author"}
    for speaker, name in sorted(names.items()):
        schema = "Person" if speaker.startswith("per:") else "Organization"
        yield _entity(
            f"{article}-{speaker.replace(':', '-')}",
            "Mention",
            {"document": [article], "name": [name], "detectedSchema": [schema]},
        )
    for claim in reading.claims:
        yield _entity(
            claim.id,
            "Note",
            {
                "name": [claim.topic or "claim"],
                "description": [_told(claim)],
                "proof": [article],
                "sourceUrl": _stated(reading, "address"),
            },
        )
        if claim.date and claim.date["status"] == "stated" and "/" not in claim.date["edtf"]:
            yield _entity(
                f"{claim.id}-event",
                "Event",
                {"name": [claim.quote], "date": [claim.date["edtf"].rstrip("~?%")], "proof": [article]},
            )


def _entity(entity_id: str, schema: str, properties: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "id": entity_id,
        "schema": schema,
        "properties": {name: values for name, values in properties.items() if values},
    }


def _told(claim: Claim) -> str:
    status = "" if claim.speaker_status == "sure" else f" (or {', '.join(claim.speaker_alternatives) or 'unknown'})"
    via = f", citing {', '.join(claim.via)}" if claim.via else ""
    return (
        f"{claim.speaker_name}{status}{via} [{claim.speech_form}, {claim.hedge}, {claim.start}-{claim.end}]: "
        f"{claim.quote}"
    )


def as_schema_org(reading: Reading) -> Iterator[dict[str, Any]]:
    """Yield claims as schema.org Claim in JSON-LD; never a ClaimReview, which is a person's rating."""
    work = {"@type": "Article", "identifier": f"sha256:{reading.provenance.sha256}"}
    work |= {
        key: values[0]
        for key, name in (("headline", "title"), ("url", "address"), ("datePublished", "date"))
        if (values := _stated(reading, name))
    }
    for claim in reading.claims:
        kind = "Person" if claim.speaker.startswith("per:") else "Organization"
        author = {"@type": kind, "name": claim.speaker_name, "identifier": claim.speaker}
        yield {
            "@context": "https://schema.org",
            "@type": "Claim",
            "identifier": claim.id,
            "text": claim.quote,
            "author": author,
            "appearance": work,
            "claimInterpreter": {"@type": "SoftwareApplication", "name": claim.extractor},
        }


def as_prov(reading: Reading) -> Iterator[dict[str, Any]]:
    """Yield a reading as one PROV-O document in JSON-LD: claims quoted from the text, attributed to their speakers."""
    text = f"urn:sha256:{reading.provenance.sha256}"
    graph: list[dict[str, Any]] = [{"@id": text, "@type": "prov:Entity"}]
    if translated := reading.provenance.known.get("translation"):
        graph.append({"@id": f"{text}#original", "@type": "prov:Entity", "prov:value": translated.value})
        graph[0]["prov:wasDerivedFrom"] = {"@id": f"{text}#original"}
    for claim in reading.claims:
        graph.append(
            {
                "@id": f"urn:entrepot:{claim.id}",
                "@type": "prov:Entity",
                "prov:value": claim.quote,
                "prov:wasQuotedFrom": {"@id": text},
                "prov:wasAttributedTo": [{"@id": f"urn:entrepot:{who}"} for who in (claim.speaker, *claim.via)],
                "prov:wasGeneratedBy": {"@id": f"urn:entrepot:{claim.extractor}"},
            }
        )
    yield {"@context": {"prov": "http://www.w3.org/ns/prov#"}, "@graph": graph}
