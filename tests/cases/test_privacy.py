"""Data protection: nobody's name where it stays, erasure by destroying a key, nobody named in public by one person."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select

from entrepot.cases import (
    Filer,
    Query,
    Store,
    add_document,
    add_note,
    add_query,
    add_to_case,
    case_content,
    case_entities,
    case_table,
    close_alert,
    close_case,
    deactivate_user,
    erase_due,
    erase_subject,
    file_report,
    filings,
    freeze,
    get_alert,
    get_case,
    goaml_draft,
    list_alerts,
    new_case,
    publish,
    record_draft,
    verify_case_file,
    verify_store,
)
from entrepot.cases.tables import APPEND_ONLY, METADATA
from entrepot.errors import ConfigError, DeskError, NotFound, SecondPersonNeeded
from entrepot.report import render_case
from tests.cases.made import AT, DAY, NAME, alert_of, checked, later, route, screened

ROOT = Path(__file__).parents[2]
XSD = ROOT / "src" / "entrepot" / "cases" / "data" / "goaml.xsd"
FILER = Filer(7, "Ann", "Officer", "payments without a reason")


def everything(store: Store, *tables: object) -> str:
    """Every cell of tables as text; bytes as they are."""
    cells = []
    with store.read() as connection:
        for table in tables or tuple(METADATA.sorted_tables):
            for row in connection.execute(select(table)):  # type: ignore[call-overload]
                cells += [
                    bytes(cell).decode("latin-1") if isinstance(cell, bytes | memoryview) else str(cell) for cell in row
                ]
    return "\n".join(cells)


@pytest.fixture
def named(store: Store) -> str:
    """A case about somebody, with a note, a document, reasons and a second alert about a route."""
    person = alert_of(store, screened(), source="screen")
    alert_of(store, checked(evidence=f"{NAME} paid"), source="check", kind="person")
    case = new_case(store, f"About {NAME}", by="cat", at=AT).case_id
    for alert in (person, alert_of(store, route())):
        add_to_case(store, case, alert, by="cat", at=AT)
    add_note(store, case, f"{NAME} called", by="cat", at=AT)
    add_document(store, case, f"{NAME}.txt", NAME.encode(), by="cat", at=AT)
    close_alert(store, person, by="cat", at=AT, reason=f"{NAME} is somebody else")
    return case


def test_rows_that_stay_name_nobody(store: Store, named: str) -> None:
    held = everything(store)
    assert NAME not in held and "\nc-1\n" not in held and NAME in get_case(store, named).case.title
    assert NAME not in everything(store, *APPEND_ONLY)


def test_a_reason_about_a_route_is_sealed_as_well(store: Store) -> None:
    alert = alert_of(store, route(low=1.0))
    close_alert(store, alert, by="cat", at=AT, reason=f"asked {NAME}")
    assert (
        NAME not in everything(store)
        and get_alert(store, alert, day=DAY).decisions[-1].body["reason"] == f"asked {NAME}"
    )


def test_to_erase_somebody_is_to_destroy_a_key_and_the_log_still_holds(store: Store, named: str) -> None:
    with pytest.raises(DeskError, match="is open"):
        erase_subject(store, "person", "c-1", by="ann", at=later(1))
    close_case(store, named, by="cat", at=later(1), reason="done")
    close_case(store, named, by="bob", at=later(1), reason="done")
    done = erase_subject(store, "person", "c-1", by="ann", at=later(2))
    story = get_alert(store, done.alerts[0], day=DAY)
    assert (story.alert.label, story.alert.key, story.alert.status) == ("(erased)", "(erased)", "closed")
    assert all(one.finding is None for one in story.findings) and NAME not in str(story)
    assert verify_store(store).rows() == []
    with pytest.raises(NotFound, match="nothing is kept"):
        erase_subject(store, "person", "c-1", by="ann", at=later(2))


def test_the_key_is_gone_from_the_file_itself(file_store: Store) -> None:
    alert_of(file_store, screened(), source="screen")
    with file_store.read() as connection:
        key = bytes(connection.exec_driver_sql("SELECT key FROM subject_keys WHERE kind = 'person'").scalar_one())
    erase_subject(file_store, "person", "c-1", by="ann", at=later(1))
    files = [path for path in Path(file_store.where).parent.iterdir() if path.is_file()]
    assert files and not any(key in path.read_bytes() for path in files)


def test_whoever_comes_again_after_erasure_is_somebody_new(store: Store) -> None:
    first = alert_of(store, screened(), source="screen")
    erase_subject(store, "person", "c-1", by="ann", at=later(1))
    again = alert_of(store, screened(), source="screen", at=later(2))
    assert again != first and len(list_alerts(store, day=DAY)) == 2


def test_only_an_admin_erases_and_not_what_the_law_says_to_keep(file_store: Store) -> None:
    alert_of(file_store, screened(), source="screen")
    with pytest.raises(DeskError, match="takes admin"):
        erase_subject(file_store, "person", "c-1", by="bob", at=later(1))
    kept = file_store.policy.retention["person"].model_copy(update={"least_days": 30})
    file_store.policy = file_store.policy.model_copy(update={"retention": {"person": kept}})
    with pytest.raises(DeskError, match="kept until 2026-06-03"):
        erase_subject(file_store, "person", "c-1", by="ann", at=later(1))


def test_what_was_closed_long_ago_is_erased_by_kind(store: Store) -> None:
    alert = alert_of(store, screened(features="name"), source="screen")
    open_one = alert_of(store, screened("c-2"), source="screen")
    close_alert(store, alert, by="cat", at=AT, reason="another person")
    assert erase_due(store, by="ann", at="2031-05-02T00:00:00Z").alerts == ()
    assert erase_due(store, by="ann", at="2031-05-04T00:00:00Z").alerts == (alert,)
    assert not get_alert(store, open_one, day=DAY).alert.is_erased and verify_store(store).rows() == []


def test_a_case_whose_time_is_over_loses_its_title_and_notes(store: Store, named: str) -> None:
    close_case(store, named, by="cat", at=AT, reason="done")
    close_case(store, named, by="bob", at=AT, reason="done")
    assert erase_due(store, by="ann", at="2032-01-01T00:00:00Z").cases == (named,)
    assert NAME not in str(get_case(store, named)) and verify_store(store).rows() == []


def test_notes_and_documents_go_with_their_case(file_store: Store) -> None:
    case = new_case(file_store, "t", by="cat", at=AT).case_id
    add_note(file_store, case, f"{NAME} called", by="cat", at=AT)
    with pytest.raises(DeskError, match="is open"):
        erase_subject(file_store, "case", case, by="ann", at=AT)
    for by in ("cat", "bob"):
        close_case(file_store, case, by=by, at=AT, reason="done")
    assert erase_subject(file_store, "case", case, by="ann", at=AT).cases == (case,)
    assert NAME not in str(get_case(file_store, case)) and verify_store(file_store).rows() == []


def test_a_user_who_left_is_a_reference_that_names_nobody(file_store: Store) -> None:
    alert = alert_of(file_store, route(low=1.0))
    close_alert(file_store, alert, by="cat", at=AT, reason="small")
    deactivate_user(file_store, "cat", by="ann", at=later(1), is_erased=True)
    decided = get_alert(file_store, alert, day=DAY).decisions
    assert {one.actor for one in decided} == {"(erased)"} and verify_store(file_store).rows() == []


def public(store: Store, case: str, folder: Path) -> str:
    """Everything that a public file, its page, its table and its entities hold."""
    path = freeze(store, case, folder / "public.zip", by="cat", at=AT, is_public=True).path
    with zipfile.ZipFile(path) as made:
        inside = "\n".join(made.read(name).decode("latin-1") + name for name in made.namelist())
    content = case_content(store, case, day=DAY, is_public=True)
    assert verify_case_file(path).rows() == []
    return "\n".join(
        (inside, render_case(content), str(case_table(content).rows()), json.dumps(list(case_entities(content))))
    )


def test_a_public_export_names_nobody(store: Store, named: str, tmp_path: Path) -> None:
    add_query(
        store,
        named,
        Query("check", {"kind": "card", "as_of": DAY}, {"file": ("c.csv", NAME.encode())}),
        by="cat",
        at=AT,
    )
    told = public(store, named, tmp_path)
    assert NAME not in told and 'c-1"' not in told and "ofac-1" not in told
    assert "person 1" in told and "KGZ to RUS" in told and "the name and the findings of person 1" in told
    assert not any(f'"{name}"' in told for name in ("ann", "bob", "cat"))


def test_a_name_is_public_only_after_a_second_person_saw_evidence_and_reply(
    store: Store, named: str, tmp_path: Path
) -> None:
    person = next(one for one in list_alerts(store, day=DAY) if one.kind == "person").alert_id
    said = {"evidence": "court register, 3 May", "reply": "asked on 2 May, denied"}
    with pytest.raises(DeskError, match="right of reply"):
        publish(store, named, person, evidence="x", reply=" ", by="cat", at=AT)
    publish(store, named, person, **said, by="cat", at=AT)
    with pytest.raises(SecondPersonNeeded):
        publish(store, named, person, **said, by="cat", at=AT)
    assert NAME not in public(store, named, tmp_path)
    publish(store, named, person, **said, by="bob", at=AT)
    told = public(store, named, tmp_path)
    assert NAME in told and "asked on 2 May, denied" in told and f"{NAME} called" not in told


def test_a_name_only_hit_never_goes_beside_a_listing_in_public(store: Store, tmp_path: Path) -> None:
    alert = alert_of(store, screened(features="name country"), source="screen")
    story = get_alert(store, alert, day=DAY)
    assert [one.may_show_listing for one in story.findings] == [False]
    case = new_case(store, "t", by="cat", at=AT).case_id
    add_to_case(store, case, alert, by="cat", at=AT)
    for by in ("cat", "bob"):
        publish(store, case, alert, evidence="e", reply="r", by=by, at=AT)
    assert "LISTED" not in public(store, case, tmp_path)


def test_a_page_of_a_case_shows_no_reason_of_a_listing(store: Store) -> None:
    alert = alert_of(store, screened(programme="SDGT", reason_listed="said to fund"), source="screen")
    case = new_case(store, "t", by="cat", at=AT).case_id
    add_to_case(store, case, alert, by="cat", at=AT)
    page = render_case(case_content(store, case, day=DAY))
    assert NAME in page and "SDGT" not in page and "said to fund" not in page
    assert "said to fund" not in str(get_alert(store, alert, day=DAY))


def test_a_page_escapes_what_others_wrote(file_store: Store) -> None:
    alert = alert_of(file_store, screened(name="<script>alert(1)</script>"), source="screen")
    case = new_case(file_store, "<img src=x>", by="cat", at=AT).case_id
    add_to_case(file_store, case, alert, by="cat", at=AT)
    page = render_case(case_content(file_store, case, day=DAY), simulated=True)
    assert "<script>alert" not in page and "<img" not in page and page.count("SIMULATED") >= 2


def valid(content: bytes) -> None:
    etree = pytest.importorskip("lxml.etree", reason="lxml is not installed")
    etree.XMLSchema(etree.parse(XSD)).assertValid(etree.fromstring(content))


def test_a_draft_of_a_report_is_valid_and_says_that_it_is_a_draft(store: Store, named: str) -> None:
    content = goaml_draft(store, named, FILER, at=AT)
    valid(content)
    text = content.decode()
    assert text.count("DRAFT - not filed") == 2 and f"DRAFT-{named}" in text and NAME.split()[1] in text


def test_payments_are_transactions_with_both_sides(file_store: Store, named_file: str) -> None:
    payment = {
        "payment_id": "p",
        "value_date": "2026-05-01",
        "amount": "10.5",
        "currency": "EUR",
        "payer_name": "A & B",
        "beneficiary_name": "C",
    }
    content = goaml_draft(file_store, named_file, FILER, at=AT, payments=[payment])
    valid(content)
    assert b"A &amp; B" in content and b"<amount_local>10.50<" in content and b"report_parties" not in content
    dollars = {**payment, "currency": "USD"}
    with pytest.raises(ConfigError, match="row 1: no amount in EUR"):
        goaml_draft(file_store, named_file, FILER, at=AT, payments=[dollars])
    valid(goaml_draft(file_store, named_file, FILER, at=AT, payments=[{**dollars, "amount_local": 9}]))
    with pytest.raises(ConfigError, match="row 1: no amount"):
        goaml_draft(file_store, named_file, FILER, at=AT, payments=[{**payment, "amount": ""}])


@pytest.fixture
def named_file(file_store: Store) -> str:
    case = new_case(file_store, "t", by="cat", at=AT).case_id
    add_to_case(file_store, case, alert_of(file_store, screened(), source="screen"), by="cat", at=AT)
    return case


def test_a_case_that_names_nobody_has_nothing_to_report(file_store: Store) -> None:
    case = new_case(file_store, "t", by="cat", at=AT).case_id
    with pytest.raises(DeskError, match="names nobody"):
        goaml_draft(file_store, case, FILER, at=AT)


def test_that_a_report_was_drafted_or_filed_is_in_no_file(store: Store, named: str, tmp_path: Path) -> None:
    record_draft(store, named, "d" * 64, by="cat", at=AT)
    assert not file_report(store, named, reference="R-77", by="cat", at=AT).is_done
    with pytest.raises(SecondPersonNeeded):
        file_report(store, named, reference="R-77", by="cat", at=AT)
    assert file_report(store, named, reference="R-77", by="bob", at=AT).proposed_by == "cat"
    assert [one.kind for one in filings(store, named)] == ["draft", "propose_file", "file"]
    path = freeze(store, named, tmp_path / "c.zip", by="cat", at=AT).path
    content = path.read_bytes()
    assert not any(word in content for word in (b"R-77", b"propose_file", b"d" * 64, f"f-{named}".encode()))
    assert "R-77" not in everything(store) and verify_store(store).rows() == []


def test_a_judgement_takes_two_people(file_store: Store, tmp_path: Path) -> None:
    from entrepot.cases import judge_pair
    from entrepot.lake import open_lake
    from entrepot.ledger import open_ledger
    from entrepot.parties import judgements

    lake = open_lake(tmp_path / "lake", create=True)
    said = {"reason": "passport seen", "at": AT}
    assert not judge_pair(file_store, lake, "c-1", "ofac-1", "different", by="cat", **said).is_done
    with pytest.raises(SecondPersonNeeded):
        judge_pair(file_store, lake, "c-1", "ofac-1", "different", by="cat", **said)
    assert judge_pair(file_store, lake, "ofac-1", "c-1", "different", by="bob", **said).is_done
    assert judgements(open_ledger(lake=lake), as_of=DAY) == {frozenset(("c-1", "ofac-1")): "different"}


def test_entities_are_what_followthemoney_knows(file_store: Store, named_file: str) -> None:
    found = list(case_entities(case_content(file_store, named_file, day=DAY)))
    assert [one["schema"] for one in found] == ["Person", "Note", "Similar"]
    model = pytest.importorskip("followthemoney", reason="followthemoney is not installed").model
    for one in found:
        assert set(one["properties"]) <= set(model.get(one["schema"]).properties)
