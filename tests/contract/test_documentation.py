"""What the documentation lists is what the code has, and every link in it leads somewhere."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from entrepot.sources import source_ids
from tests.contract.reference import MATCHING, PAGE, RECORDS, matching_page, page, records_page
from tests.contract.tree import ROOT, files, shown

PAGES = tuple(path for path in files() if path.suffix == ".md")


def test_the_reference_agrees_with_the_code() -> None:
    assert PAGE.read_text("utf-8") == page(), "the code has changed: run `make reference`"
    assert RECORDS.read_text("utf-8") == records_page(), "the code has changed: run `make reference`"
    assert MATCHING.read_text("utf-8") == matching_page(), "the code has changed: run `make reference`"


def text_of(name: str) -> str:
    path = ROOT / "docs" / name
    assert path.is_file(), f"docs/{name} is not there"
    return path.read_text("utf-8")


@pytest.mark.parametrize("name", source_ids())
def test_every_source_is_described(name: str) -> None:
    assert f"`{name}`" in text_of("sources.md")


@pytest.mark.parametrize(("name", "module"), [("routes", "caveats"), ("mirror", "mirror")])
def test_every_caveat_is_explained_with_its_method(name: str, module: str) -> None:
    known = getattr(import_module(f"entrepot.flows.{module}"), "CAVEATS" if name == "routes" else "MIRROR_CAVEATS")
    text = text_of(f"methods/{name}.md")
    assert [caveat for caveat in known if f"`{caveat}" not in text] == []


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_every_link_leads_to_a_file(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    targets = [link.partition("#")[0] for link in links if not re.match(r"[a-z]+:", link)]
    assert [link for link in targets if link and not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_a_command_in_the_documentation_exists(path: Path) -> None:
    from tests.contract.test_cli import CONTRACT

    known = {name.split()[0] for name in CONTRACT}
    named = set(re.findall(r"(?:^|`|\$ )entrepot ([a-z][a-z-]*)\b", path.read_text("utf-8"), flags=re.MULTILINE))
    assert sorted(named - known) == []


def test_no_page_calls_a_finding_a_proof() -> None:
    """An alert is consistent with diversion. Nobody is called an evader."""
    accusing = re.compile(
        r"\b(?:(?<!no )(?<!not )(?<!never )proof of|prove[sd]? (?:the )?(?:diversion|evasion|guilt)|culprits?)\b",
        re.IGNORECASE,
    )
    found = [f"{shown(path)}: {hit.group()}" for path in PAGES for hit in accusing.finditer(path.read_text("utf-8"))]
    assert found == []


def test_every_decision_has_a_date_and_names_what_was_not_chosen() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [path.name[:4] for path in decisions] == [f"{number:04d}" for number in range(1, len(decisions) + 1)]
    for path in decisions:
        text = path.read_text("utf-8")
        assert re.search(r"^Date: \d{4}-\d\d-\d\d$", text, re.MULTILINE) and "## Not chosen" in text, path.name
        assert len(text.splitlines()) <= 60, path.name
