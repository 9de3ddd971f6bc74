from __future__ import annotations

import csv
import gzip
import time
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.codes import find_territory, get_territory, territories
from entrepot.codes.facts import rows
from entrepot.codes.spelling import reduced
from entrepot.codes.territories import SCHEMES
from entrepot.errors import CodeError, UnknownCode


def code(text: str, scheme: str = "any") -> str | None:
    found = find_territory(text, scheme=scheme)
    return found.code if found else None


@pytest.mark.parametrize("territory", territories(), ids=lambda t: t.code)
def test_code_and_name_lead_back_to_the_territory(territory):
    assert find_territory(territory.code) == find_territory(territory.name) == territory


def test_every_iso2_and_m49_code_leads_to_its_iso3():
    for row in rows("territories"):
        assert not row["iso2"] or code(row["iso2"], "iso2") == row["iso3"]
        assert code(row["m49"], "m49") == code(row["m49"].lstrip("0"), "m49") == row["iso3"]


def test_one_reduced_spelling_means_one_territory():
    meanings: dict[str, set[str]] = {}
    names = [(row["code"], row["name"]) for row in rows("names")]
    for owner, name in [*names, *((t.code, t.name) for t in territories())]:
        meanings.setdefault(reduced(name), set()).add(owner)
    assert {key: owners for key, owners in meanings.items() if len(owners) > 1} == {}


def test_no_spelling_is_the_code_of_another_territory():
    codes = {territory.code for territory in territories()}
    clashes = [(r["name"], r["code"]) for r in rows("names") if r["name"].upper() in codes - {r["code"]}]
    assert clashes == []


def test_every_id_in_the_data_files_is_known():
    known = {territory.code for territory in territories()}
    assert {row["code"] for row in rows("names")} | {row["id"] for row in rows("numbers")} <= known
    assert {row["scheme"] for row in rows("numbers")} <= set(SCHEMES)


@pytest.mark.parametrize(
    ("text", "scheme", "expected"),
    [
        ("842", "comtrade", "USA"),
        ("840", "comtrade", "USA"),
        ("251", "comtrade", "FRA"),
        ("699", "comtrade", "IND"),
        ("757", "comtrade", "CHE"),
        ("579", "comtrade", "NOR"),
        ("490", "comtrade", "TWN"),
        ("S19", "comtrade", "TWN"),
        ("Other Asia, nes", "comtrade", "TWN"),
        ("381", "comtrade", "ITA"),
        ("380", "comtrade", "ITA"),
        ("051", "comtrade", "ARM"),
        ("51.0", "comtrade", "ARM"),
        ("0", "comtrade", "WORLD"),
        ("W00", "comtrade", "WORLD"),
        ("_X ", "comtrade", "AREAS_NES"),
        ("837", "comtrade", "BUNKERS"),
        ("492", "comtrade", "EU_NES"),
        ("842", "cepii", "USA"),
        ("ROM", "cepii", "ROU"),
        ("842", "m49", None),
        ("GR", "comext", "GRC"),
        ("EL", "comext", "GRC"),
        ("GB", "comext", "GBR"),
        ("XI", "comext", "GBR"),
        ("XS", "comext", "SRB"),
        ("XK", "comext", "XKX"),
        ("QZ", "comext", "EXTRA_EU_SECRET"),
        ("QU", "comext", "AREAS_NES"),
        ("QW", "comext", "EXTRA_EU_NES"),
        ("EU27_2020", "comext", "EU27"),
        ("ext_eu27_2020", "comext", "EXTRA_EU"),
        ("EL", "iso2", None),
        ("AB", "oksm", "ABKHAZIA"),
        ("KZ", "oksm", "KAZ"),
        ("GX901", "imf", "CIS"),
    ],
)
def test_codes_of_publishers(text, scheme, expected):
    assert code(text, scheme) == expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Belgium (incl. Luxembourg 'LU' -> 1998)", "BEL"),
        ("Germany (incl. German Democratic Republic 'DD' from 1991)", "DEU"),
        ("European Union (AT-01/1995, BE-01/1958, GB-01/1973->01/2020)", "EU"),
        ("European Union - 27 countries (AT, BE, BG, HR, SE, SI, SK)", "EU27"),
        ("European Union - 27 countries (AT, BE, BG, GB, SE, SI, SK)", "EU27_2007"),
        ("European Union - 27 countries (2007-2013)", "EU27_2007"),
        ("Euro area - 20 countries (AT, BE, CY)", "EA20"),
        ("Euro area (AT-01/1999, BE-01/1999)", "EA"),
        ("RU-Russian Federation (Russia)", "RUS"),
        ("Russian Federation (Russia) [RU]", "RUS"),
        ("AT-Russian Federation (Russia)", None),
        ("Guinea-Bissau", "GNB"),
        ("KZ", "KAZ"),
        ("Russia, Atlantis", None),
    ],
)
def test_eurostat_labels(label, expected):
    assert code(label, "eurostat") == expected


@pytest.mark.parametrize(
    ("first", "second"),
    [("Niger", "Nigeria"), ("Dominica", "Dominican Republic"), ("Guinea", "Papua New Guinea"),
     ("Congo", "Congo, Democratic Republic of the"), ("Korea, Republic of", "Korea, DPR of"),
     ("Samoa", "American Samoa"), ("Austria", "Australia"), ("China", "Taiwan"), ("Sudan", "South Sudan"),
     ("Ирландия", "Исландия"), ("Doминика", "Доминиканская Республика")],
)  # fmt: skip
def test_near_names_stay_apart(first, second):
    assert code(first) != code(second)


@pytest.mark.parametrize("text", ["", " ", "-", "*", "KZ", "398", "Atlantis", "Kazakhstan Russia", "А" * 5000])
def test_text_that_is_no_territory_is_none(text):
    assert find_territory(text) is None


def test_unknown_territory_names_row_and_close_spelling():
    with pytest.raises(UnknownCode, match=r"f\.csv row 3.*Kirgystan.*KGZ"):
        get_territory("Kirgystan", where="f.csv row 3")


def test_unknown_scheme_is_an_error():
    with pytest.raises(CodeError, match="scheme"):
        find_territory("KAZ", scheme="fips")


@given(st.text(max_size=40), st.sampled_from(SCHEMES))
def test_any_text_is_answered_without_an_error(text, scheme):
    found = find_territory(text, scheme=scheme)
    assert found is None or found in territories()


@given(st.sampled_from(rows("names")), st.sampled_from([str.upper, str.lower, lambda t: f"  {t}\u00a0"]))
def test_case_and_spaces_do_not_matter(row, change):
    assert code(change(row["name"])) == row["code"]


def test_repeated_look_ups_are_fast():
    find_territory("Kyrgyzstan")
    start = time.perf_counter()
    for _ in range(100_000):
        find_territory("Kyrgyzstan")
    assert time.perf_counter() - start < 1


def distinct(path: Path, column: str) -> list[str]:
    opened = gzip.open if path.suffix == ".gz" else open
    # One of the files mixes encodings; its codes are plain ASCII.
    with opened(path, "rt", encoding="utf-8-sig", errors="replace", newline="") as file:
        return sorted({row[column] for row in csv.DictReader(file)} - {""})


@pytest.mark.parametrize(
    ("file", "column", "scheme"),
    [
        ("national-totals/armenia_monthly_by_partner_2007-2024.csv", "country", "any"),
        ("national-totals/armenia_customs_monthly_by_partner_raw.csv", "country", "any"),
        ("national-totals/armenia_import_yearly.csv", "PARTNER", "any"),
        ("national-totals/kazakhstan_import_yearly.csv", "PARTNER", "any"),
        ("national-totals/kyrgyz_import_yearly.csv", "PARTNER", "any"),
        ("national-totals/uzbek_import_yearly.csv", "PARTNER", "any"),
        ("national-totals/imf_imts_russia_by_partner_2016-2024.csv", "COUNTERPART_COUNTRY", "any"),
        ("national-totals/imf_imts_russia_by_partner_2016-2024.csv", "COUNTERPART_COUNTRY.ID", "imf"),
        ("eurostat-totals/eu27_by_member_monthly_totals_2019-2024.csv.gz", "reporter", "eurostat"),
        ("eurostat-totals/eu27_world_totals_raw_relational_view.csv.gz", "PARTNER", "eurostat"),
        ("eurostat-totals/eu27_world_totals_raw_relational_view.csv.gz", "REPORTER", "eurostat"),
        ("eurostat-totals/sample_relational_view.csv", "REPORTER", "eurostat"),
        ("comtrade-armenia/region_exports.csv", "partner_region", "any"),
        ("comtrade-armenia/fuel_imports.csv", "partner_iso", "comtrade"),
        ("comtrade-armenia/armenia_8703_monthly_comtrade.csv.gz", "partner_code", "comtrade"),
        ("comtrade-armenia/armenia_8703_monthly_comtrade.csv.gz", "partner", "comtrade"),
        ("reference/comtrade_areas_not_specified.csv", "id", "comtrade"),
        ("reference/comtrade_areas_not_specified.csv", "text", "comtrade"),
        ("reference/cepii_distances.csv.gz", "exporter", "cepii"),
    ],
)
def test_every_label_of_a_real_file_is_known(shared_data, file, column, scheme):
    labels = distinct(shared_data / "trade" / file, column)
    assert [label for label in labels if find_territory(label, scheme=scheme) is None] == []


def test_real_eurostat_reporters_and_partners_are_known(shared_data):
    file = shared_data / "trade/eurostat-cn8-sanctioned/eu27_exports_cn8_monthly.parquet"
    labels = duckdb.sql(f"SELECT reporter FROM '{file}' UNION SELECT partner FROM '{file}'").fetchall()
    assert len({code(label, "eurostat") for (label,) in labels} - {None}) == len(labels) == 34


@pytest.mark.parametrize("table", ["1105", "1176"])
def test_uzbek_table_says_the_same_in_all_three_languages(shared_data, table):
    path = shared_data / f"trade/national-totals/uzbekistan_sdmx_{table}_raw.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        records = [row for row in csv.DictReader(file) if row["Code"] != "0"]
    for row in records:
        labels = (row["Klassifikator"], row["Klassifikator_ru"], row["Klassifikator_en"])
        assert {code(label) for label in labels} == {code(row["Code"], "m49")} != {None}


def test_four_aggregates_among_real_reporters_are_seen(shared_data):
    file = shared_data / "trade/eurostat-totals/eu27_by_member_monthly_totals_2019-2024.csv.gz"
    found = [get_territory(label, scheme="eurostat") for label in distinct(file, "reporter")]
    assert sorted(t.code for t in found if t.is_aggregate) == ["EA", "EA20", "EU", "EU27"]
