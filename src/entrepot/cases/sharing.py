"""What of a case may be shared: everything inside the house, and in public nobody who is not cleared by two people."""

from __future__ import annotations

import base64
import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from entrepot.cases.casework import CaseStory, Item
from entrepot.cases.desk import AlertStory, get_alert
from entrepot.cases.rows import PUBLIC, Recorded

if TYPE_CHECKING:
    from entrepot.cases.store import Store

_WORDS = {"person": "person", "company": "firm"}


@dataclass
class Sharing:
    """What goes out of a case.

    Attributes:
        case: the case as JSON.
        documents: name in the file -> bytes.
        queries: items of kind query.
        object_ids: whose entries of the audit log go along.
        left_out: what does not go out, in words.
    """

    case: dict[str, Any] = field(default_factory=dict)
    documents: dict[str, bytes] = field(default_factory=dict)
    queries: list[Item] = field(default_factory=list)
    object_ids: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def shared(store: Store, story: CaseStory, *, is_public: bool, day: str) -> Sharing:
    """Return what of a case goes into a file.

    In public: routes as they are; persons and firms by a number, without their findings, unless a second person
    recorded evidence and a right of reply; no notes, documents, reasons, names of the desk's people, nor queries over
    files of persons or firms. A name-only likeness is left out for everybody else than the desk.
    """
    made = Sharing(object_ids=[story.case.case_id])
    cleared = {str(item.target) for item in story.of_kind("publish")}
    alerts = [get_alert(store, str(item.target), day=day) for item in story.of_kind("alert")]
    counts: dict[str, int] = {}
    told = []
    for alert in alerts:
        made.object_ids.append(alert.alert.alert_id)
        if not is_public or alert.alert.kind in PUBLIC or alert.alert.alert_id in cleared:
            told.append(alert_json(alert, is_public=is_public))
        else:
            word = _WORDS.get(alert.alert.kind, "record")
            counts[word] = counts.get(word, 0) + 1
            told.append(_nameless(alert, f"{word} {counts[word]}"))
    made.left_out += [
        f"the name and the findings of {word} {n}" for word, count in counts.items() for n in range(1, count + 1)
    ]
    made.queries = [item for item in story.of_kind("query") if not (is_public and item.body["command"] != "routes")]
    made.case = {
        "case_id": story.case.case_id,
        "title": "" if is_public else story.case.title,
        "opened_at": story.case.opened_at,
        "status": "closed" if story.case.status == "closed" else "open",
        "alerts": told,
        "notes": [] if is_public else [_note(item) for item in story.of_kind("note")],
        "documents": [],
        "publications": [_publication(item, is_public=is_public) for item in story.of_kind("publish")],
    }
    if is_public:
        made.left_out += _left_out(story, made)
        return made
    made.case["owner"] = story.case.owner
    made.case["decisions"] = [asdict(one) for one in story.decisions if one.kind != "add_freeze"]
    for item in story.of_kind("document"):
        name = f"documents/{item.n:03d}-{re.sub(r'[^A-Za-z0-9._-]+', '-', item.body['name'])[-80:]}"
        made.documents[name] = base64.b64decode(item.body["bytes"])
        made.case["documents"].append({"file": name, "source": item.body["source"], "by": item.actor, "at": item.at})
    return made


def alert_json(story: AlertStory, *, is_public: bool) -> dict[str, Any]:
    """Return an alert with its history as JSON; in public without reasons, people of the desk, or name-only hits."""
    alert = asdict(story.alert)
    findings = [_finding(one) for one in story.findings if not is_public or one.may_show_listing]
    decisions = [asdict(one) for one in story.decisions]
    if is_public:
        for name in ("owner", "pending", "pending_by"):
            alert.pop(name)
        decisions = [{name: one[name] for name in ("version", "kind", "status", "at")} for one in decisions]
    return {**alert, "sources": list(story.alert.sources), "findings": findings, "decisions": decisions}


def _finding(recorded: Recorded) -> dict[str, Any]:
    fixed = ("n", "recorded_at", "source", "rule", "as_of", "certainty", "amount", "currency")
    said = {name: getattr(recorded, name) for name in fixed}
    found = recorded.finding
    body = {"summary": found.summary, "detail": dict(found.detail)} if found else {"summary": "(erased)", "detail": {}}
    return {**said, "inputs": list(recorded.inputs), **body}


def _nameless(story: AlertStory, label: str) -> dict[str, Any]:
    alert = story.alert
    kept = ("alert_id", "kind", "status", "severity", "certainty", "first_at")
    return {**{name: getattr(alert, name) for name in kept}, "label": label, "findings": [], "decisions": []}


def _note(item: Item) -> dict[str, Any]:
    return {"text": item.body.get("text", "(erased)"), "by": item.actor, "at": item.at}


def _publication(item: Item, *, is_public: bool) -> dict[str, Any]:
    said = {"alert_id": item.target, "evidence": item.body.get("evidence"), "reply": item.body.get("reply")}
    return said if is_public else {**said, "by": item.actor, "at": item.at}


def _left_out(story: CaseStory, made: Sharing) -> list[str]:
    counted = [
        (len(story.of_kind("note")), "notes"),
        (len(story.of_kind("document")), "documents"),
        (len(story.of_kind("query")) - len(made.queries), "queries over files of persons or firms"),
    ]
    return ["the title", "who decided, and the reasons", *(f"{count} {what}" for count, what in counted if count)]
