"""FollowTheMoney entities, one a line, as records of several kinds.

Persons, companies, their papers, holdings, posts and kin, bank accounts and payments are read. Who stands on a list is
the lists' to say (`ingest ftm`).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from entrepot.errors import SourceError
from entrepot.sources.records.countries import alpha3

Properties = Mapping[str, list[str]]
_ENDINGS = (".json", ".jsonl", ".ijson")
_COMPANIES = frozenset({"Company", "Organization", "LegalEntity", "PublicBody"})
_PAPERS = ("passport", "id_card", "residence_permit", "iin", "tax_id", "decree", "power_of_attorney")
# FollowTheMoney says what the relative is to the person, in free words.
_KIN = {
    "spouse": "spouse", "husband": "spouse", "wife": "spouse", "father": "parent", "mother": "parent",
    "parent": "parent", "son": "child", "daughter": "child", "child": "child", "brother": "sibling",
    "sister": "sibling", "sibling": "sibling",
}  # fmt: skip
# Edges: schema -> kind, column -> property.
_EDGES: dict[str, tuple[str, dict[str, str]]] = {
    "Ownership": ("ownership", {"owner_id": "owner", "asset_id": "asset", "percentage": "percentage",
        "start_date": "startDate", "end_date": "endDate", "kind": "role", "recorded_at": "recordDate"}),
    "Directorship": ("directorship", {"person_id": "director", "company_id": "organization", "role": "role",
        "start_date": "startDate", "end_date": "endDate"}),
    "Family": ("relation", {"from_id": "person", "to_id": "relative", "kind": "relationship",
        "start_date": "startDate", "end_date": "endDate"}),
    "Associate": ("relation", {"from_id": "person", "to_id": "associate", "start_date": "startDate",
        "end_date": "endDate"}),
    "Employment": ("relation", {"from_id": "employer", "to_id": "employee", "start_date": "startDate",
        "end_date": "endDate"}),
    "Occupancy": ("relation", {"from_id": "holder", "to_id": "post", "start_date": "startDate", "end_date": "endDate"}),
}  # fmt: skip
COLUMNS: dict[str, tuple[str, ...]] = {
    "person": ("person_id", "name", "other_names", "birth_date", "birth_country", "citizenships", "address",
        "address_country", "phone", "email", "is_pep"),
    "company": ("company_id", "name", "other_names", "previous_names", "country", "incorporation_date",
        "dissolution_date", "registration_number", "tax_number", "activity_text", "address", "phone", "email",
        "website"),
    "document": ("document_id", "person_id", "kind", "number", "issuer_country", "authority", "issue_date",
        "expiry_date"),
    "ownership": ("owner_id", "asset_id", "percentage", "start_date", "end_date", "kind", "recorded_at"),
    "directorship": ("person_id", "company_id", "role", "start_date", "end_date"),
    "relation": ("from_id", "to_id", "kind", "office", "start_date", "end_date"),
    "account": ("account_id", "holder_id", "bank_bic", "bank_country", "iban", "opened_date", "closed_date",
        "currency"),
    "payment": ("payment_id", "value_date", "amount", "currency", "payer_id", "payer_account", "beneficiary_id",
        "beneficiary_account", "purpose"),
}  # fmt: skip


def is_ftm(path: Path) -> bool:
    """Return whether the first line of a file is an entity."""
    if path.suffix not in _ENDINGS or not path.is_file():
        return False
    with path.open("rb") as file:
        try:
            first = json.loads(file.readline())
        except (ValueError, RecursionError):
            return False
    return isinstance(first, dict) and {"id", "schema", "properties"} <= set(first)


def write_entities(path: Path, folder: Path) -> dict[str, Path]:
    """Write the entities of a file as CSV with our columns; return kind -> file.

    Raises:
        SourceError: a line is no entity, or none is of a schema that is read.
    """
    beside = _Beside()
    for entity in _entities(path):
        beside.take(entity)
    files: dict[str, Path] = {}
    with ExitStack() as stack:
        writers: dict[str, Any] = {}
        for entity in _entities(path):
            for kind, row in _records(entity, beside):
                if kind not in writers:
                    files[kind] = folder / f"{kind}.csv"
                    file = stack.enter_context(files[kind].open("w", encoding="utf-8", newline=""))
                    writers[kind] = csv.DictWriter(file, COLUMNS[kind], restval="")
                    writers[kind].writeheader()
                writers[kind].writerow(row)
    if not files:
        remedy = f"Read are {', '.join(('Person', *sorted(_COMPANIES), *_EDGES, 'BankAccount', 'Payment'))}."
        raise SourceError("no entity of a schema that is read", where=path.name, remedy=remedy)
    return files


class _Beside:
    """What entities say of others: posts by their names, and whose an account is."""

    def __init__(self) -> None:
        self.posts: dict[str, str] = {}
        self.accounts: dict[str, str] = {}
        self._owners: dict[str, str] = {}

    def take(self, entity: Mapping[str, Any]) -> None:
        held = entity["properties"]
        if entity["schema"] == "Position":
            self.posts[entity["id"]] = _first(held, "name") or str(entity.get("caption") or "")
        elif entity["schema"] == "BankAccount":
            self.accounts.setdefault(entity["id"], self._owners.get(entity["id"], ""))
        elif entity["schema"] == "Ownership":
            asset = _first(held, "asset")
            self._owners[asset] = _first(held, "owner")
            if asset in self.accounts:
                self.accounts[asset] = self._owners[asset]


def _entities(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                entity = json.loads(line)
                properties = {str(name): [str(one) for one in values] for name, values in entity["properties"].items()}
                yield {"id": str(entity["id"]), "schema": str(entity["schema"]), "caption": entity.get("caption"),
                       "properties": properties}  # fmt: skip
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                remedy = "Each line is an entity with id, schema and properties."
                raise SourceError(f"line {number} is no entity", where=path.name, remedy=remedy) from error


def _records(entity: Mapping[str, Any], beside: _Beside) -> Iterator[tuple[str, dict[str, str]]]:
    schema, held = entity["schema"], entity["properties"]
    if schema in _EDGES:
        kind, columns = _EDGES[schema]
        if kind == "ownership" and _first(held, "asset") in beside.accounts:
            return
        row = {ours: _first(held, theirs) for ours, theirs in columns.items()}
        if kind == "ownership":
            row["kind"] = row["kind"].lower() if row["kind"].lower() in ("share", "control", "nominee") else ""
        elif kind == "relation":
            row |= _relation(schema, row, beside)
        yield kind, row
    elif schema in _MAKERS or schema in _COMPANIES:
        kind, make = _MAKERS.get(schema, ("company", _company))
        yield kind, make(entity, beside)


def _relation(schema: str, row: Mapping[str, str], beside: _Beside) -> dict[str, str]:
    if schema == "Family":
        return {"kind": _KIN.get(row["kind"].strip().lower(), "")}
    if schema == "Occupancy":
        return {"kind": "office_holder", "office": beside.posts.get(row["to_id"], "")}
    return {"kind": {"Associate": "associate", "Employment": "employee"}[schema]}


def _person(entity: Mapping[str, Any], beside: _Beside) -> dict[str, str]:
    held = entity["properties"]
    return {
        "person_id": entity["id"],
        **_names(entity),
        "birth_date": _first(held, "birthDate"),
        "birth_country": alpha3(_first(held, "birthCountry")),
        "citizenships": _joined(map(alpha3, (*held.get("nationality", ()), *held.get("citizenship", ())))),
        "address": _first(held, "address"),
        "address_country": alpha3(_first(held, "country")),
        "phone": _joined(held.get("phone", ())),
        "email": _joined(held.get("email", ())),
        # Not being called one says nothing.
        "is_pep": "true" if "role.pep" in held.get("topics", ()) else "",
    }


def _company(entity: Mapping[str, Any], beside: _Beside) -> dict[str, str]:
    held = entity["properties"]
    return {
        "company_id": entity["id"],
        **_names(entity),
        "previous_names": _joined(held.get("previousName", ())),
        "country": alpha3(_first(held, "jurisdiction") or _first(held, "country")),
        "incorporation_date": _first(held, "incorporationDate"),
        "dissolution_date": _first(held, "dissolutionDate"),
        "registration_number": _first(held, "registrationNumber"),
        "tax_number": _first(held, "taxNumber") or _first(held, "innCode") or _first(held, "vatCode"),
        "activity_text": _first(held, "sector"),
        "address": _first(held, "address"),
        "phone": _joined(held.get("phone", ())),
        "email": _joined(held.get("email", ())),
        "website": _first(held, "website"),
    }


def _document(entity: Mapping[str, Any], beside: _Beside) -> dict[str, str]:
    held = entity["properties"]
    kind = "passport" if entity["schema"] == "Passport" else _first(held, "type").strip().lower().replace(" ", "_")
    return {
        "document_id": entity["id"],
        "person_id": _first(held, "holder"),
        "kind": kind if kind in _PAPERS else "",
        "number": _first(held, "number") or _first(held, "passportNumber"),
        "issuer_country": alpha3(_first(held, "country")),
        "authority": _first(held, "authority"),
        "issue_date": _first(held, "startDate"),
        "expiry_date": _first(held, "endDate"),
    }


def _account(entity: Mapping[str, Any], beside: _Beside) -> dict[str, str]:
    held = entity["properties"]
    return {
        "account_id": entity["id"],
        "holder_id": beside.accounts.get(entity["id"], ""),
        "bank_bic": _first(held, "bic"),
        "bank_country": alpha3(_first(held, "country")),
        "iban": _first(held, "iban"),
        "opened_date": _first(held, "openingDate"),
        "closed_date": _first(held, "closingDate"),
        "currency": _first(held, "currency"),
    }


def _payment(entity: Mapping[str, Any], beside: _Beside) -> dict[str, str]:
    held = entity["properties"]
    names = {"payer_id": "payer", "payer_account": "payerAccount", "beneficiary_id": "beneficiary",
             "beneficiary_account": "beneficiaryAccount", "purpose": "purpose", "amount": "amount",
             "currency": "currency"}  # fmt: skip
    return {
        "payment_id": entity["id"],
        "value_date": (_first(held, "date") or _first(held, "startDate"))[:10],
        **{ours: _first(held, theirs) for ours, theirs in names.items()},
    }


_MAKERS: dict[str, tuple[str, Callable[[Mapping[str, Any], _Beside], dict[str, str]]]] = {
    "Person": ("person", _person),
    "Passport": ("document", _document),
    "Identification": ("document", _document),
    "BankAccount": ("account", _account),
    "Payment": ("payment", _payment),
}


def _names(entity: Mapping[str, Any]) -> dict[str, str]:
    held = entity["properties"]
    names = list(dict.fromkeys((*held.get("name", ()), *held.get("alias", ()), *held.get("weakAlias", ()))))
    caption = str(entity.get("caption") or "")
    main = caption if caption in names or not names else names[0]
    return {"name": main, "other_names": _joined(name for name in names if name != main)}


def _first(held: Properties, name: str) -> str:
    return next(iter(held.get(name, ())), "")


def _joined(values: Any) -> str:
    return ";".join(dict.fromkeys(value.replace(";", ",") for value in values if value))
