"""From an analyst's words to the publisher's codes, and the command around it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from entrepot.cli import main
from entrepot.cli.fetch import fetch as fetch_command
from entrepot.errors import ConfigError, EntrepotError, NotFound, UnknownCode
from entrepot.sources import fetch
from entrepot.sources.fetch import Access
from entrepot.sources.fetching.asking import area_number, read_question
from entrepot.sources.fetching.periods import read_periods
from tests.sources.fetch_publisher import KEY, FakeTime, Publisher, comtrade_row, running_publisher

WORDS = {"reporter": "KAZ", "partner": "RUS", "period": "2024-03", "flow": "export"}


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with running_publisher() as server:
        server.rows = [comtrade_row(398, 643, "202403", "X", "TOTAL")]
        yield server


def ask(**words: str):  # type: ignore[no-untyped-def]
    return read_question(**{**WORDS, "products": "TOTAL", "freq": "M", **words})


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("USA", "842"),
        ("FRA", "251"),
        ("IND", "699"),
        ("CHE", "757"),
        ("TWN", "490"),
        ("NOR", "579"),
        ("ITA", "380"),
        ("DEU", "276"),
        ("KAZ", "398"),
        ("Kyrgyzstan", "417"),
        ("ARE", "784"),
        ("HKG", "344"),
        ("SRB", "688"),
        ("SDN", "729"),
        ("WORLD", "0"),
        ("0", "0"),
        ("051", "51"),
        ("842", "842"),
        ("356", "699"),
        ("280", "280"),
    ],
)
def test_territory_gets_the_number_it_reports_under(name, number) -> None:
    assert area_number(name) == number


@pytest.mark.parametrize("name", ["Atlantis", "", "EU27", "997"])
def test_territory_without_a_number_is_refused(name) -> None:
    with pytest.raises(EntrepotError):
        area_number(name)


def test_words_become_the_publishers_codes() -> None:
    question = ask(partner="RUS,BLR", period="2023-12..2024-01", flow="re-export,export", products="8703,87.04.22")
    assert question.query().startswith(
        "reporterCode=398&period=202312,202401&partnerCode=643,112&flowCode=RX,X&cmdCode=8703,870422&"
    )


def test_all_leaves_the_areas_open_and_takes_six_digits() -> None:
    question = ask(reporter="all", products="all")
    assert (question.reporters, question.products) == (None, ("AG6",))
    assert "reporterCode" not in question.query()


def test_product_list_is_taken_by_its_id() -> None:
    products = ask(products="chpl").products
    assert len(products) == 50
    assert {len(code) for code in products} == {6}


def test_product_file_is_read(tmp_path) -> None:
    (tmp_path / "mine.csv").write_text("hs_code\n870323\n85423111\n")
    assert ask(products=str(tmp_path / "mine.csv")).products == ("854231", "870323")


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("flow", "smuggling"),
        ("flow", ""),
        ("products", "cars"),
        ("products", "870"),
        ("reporter", "KAZ,,RUS"),
    ],
)
def test_word_that_no_list_holds_is_refused(name, word) -> None:
    with pytest.raises(UnknownCode):
        ask(**{name: word})


@pytest.mark.parametrize(
    ("text", "freq", "periods"),
    [
        ("2024-03", "M", ("2024-03",)),
        ("2024-03, 2023-11..2024-01,2024-01", "M", ("2023-11", "2023-12", "2024-01", "2024-03")),
        ("2019..2021", "A", ("2019", "2020", "2021")),
    ],
)
def test_periods_are_lists_and_ranges(text, freq, periods) -> None:
    assert read_periods(text, freq=freq) == periods


@pytest.mark.parametrize(("period", "freq"), [("2024", "M"), ("2024-03", "A"), ("2024-03", "Q")])
def test_period_must_fit_the_frequency(period, freq) -> None:
    with pytest.raises(ConfigError):
        ask(period=period, freq=freq)


def test_source_without_a_download_is_named(tmp_path) -> None:
    with pytest.raises(NotFound, match=r"'baci'.*comext, comtrade"):
        fetch("baci", tmp_path, period="2024")


@pytest.mark.parametrize(
    ("changes", "found"), [({"flow": " "}, "needs 'flow'"), ({"colour": "red"}, "has no 'colour'")]
)
def test_question_must_be_whole_and_known(changes, found, tmp_path) -> None:
    with pytest.raises(ConfigError, match=found):
        fetch("comtrade", tmp_path, **{**WORDS, **changes})


def test_python_answers_with_what_it_wrote(publisher, tmp_path) -> None:
    report = fetch("comtrade", tmp_path, base_url=publisher.url, access={"pacing": FakeTime().pacing()}, **WORDS)
    assert [path.parent for path in report.written] == [tmp_path]
    assert (report.kept, report.empty, report.calls) == ((), (), 1)


def test_access_does_not_show_its_key() -> None:
    assert KEY not in repr(Access(key=KEY))


def run(*arguments: str, **environment: str) -> Result:
    environment.setdefault("ENTREPOT_COMTRADE_KEY", "")
    return CliRunner().invoke(fetch_command, list(arguments), env=environment)


def comtrade(publisher: Publisher, folder: Path, *more: str, **environment: str) -> Result:
    words = [text for name, word in WORDS.items() for text in (f"--{name}", word)]
    return run("comtrade", *words, "--base-url", publisher.url, "--dir", str(folder), *more, **environment)


def test_command_prints_one_line_a_file_and_no_bar_in_a_pipe(publisher, tmp_path) -> None:
    first, second = comtrade(publisher, tmp_path), comtrade(publisher, tmp_path)
    path = next(tmp_path.glob("*.csv"))
    assert (first.stdout, second.stdout) == (f"written\t{path}\n", f"kept\t{path}\n")
    assert (first.stderr, second.stderr) == ("", "")


def test_command_takes_the_key_from_the_environment_and_never_prints_it(publisher, tmp_path) -> None:
    result = comtrade(publisher, tmp_path, ENTREPOT_COMTRADE_KEY=KEY)
    assert publisher.headers[0]["Ocp-Apim-Subscription-Key"] == KEY
    assert KEY not in result.output
    assert KEY not in run("comtrade", "--help", ENTREPOT_COMTRADE_KEY=KEY).output


def test_command_prints_json_on_request(publisher, tmp_path) -> None:
    publisher.rows = []
    result = json.loads(comtrade(publisher, tmp_path, "--json").stdout)
    assert result["written"] == []
    assert len(result["empty"]) == 1


def test_command_says_where_nothing_is_reported(publisher, tmp_path) -> None:
    publisher.rows = []
    assert "no rows (not reported, or no trade)" in comtrade(publisher, tmp_path).stderr


def test_failure_is_one_line_and_exit_code_one(publisher, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("ENTREPOT_COMTRADE_KEY", "not-the-key")
    words = [text for name, word in WORDS.items() for text in (f"--{name}", word)]
    code = main(["fetch", "comtrade", *words, "--base-url", publisher.url, "--dir", str(tmp_path)])
    said = capsys.readouterr()
    assert (code, said.out, said.err.count("\n")) == (1, "", 1)
    assert "401" in said.err and "not-the-key" not in said.err


def test_wrong_usage_is_exit_code_two(tmp_path) -> None:
    assert run("comext", "--dir", str(tmp_path)).exit_code == 2
    assert run("comtrade", "--freq", "Q", "--dir", str(tmp_path)).exit_code == 2


def test_fetched_file_names_say_what_is_inside(publisher, tmp_path) -> None:
    comtrade(publisher, tmp_path)
    assert next(tmp_path.glob("*.csv")).name.startswith("comtrade-M-202403-398-643-X-")
