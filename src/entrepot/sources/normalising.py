"""Raw cells become rows of flows: words joined to our codes, numbers parsed, bad records set aside.

The relation made is one pass over the cells with small joins; where a file already speaks our codes there are none.
"""

from __future__ import annotations

from dataclasses import dataclass

from entrepot.codes import hs_revision_in_force, members
from entrepot.errors import SourceError, UnexpectedLayout
from entrepot.lake import Engine, identifier, quoted
from entrepot.sources import numbers
from entrepot.sources.columns import VALUES, Matched
from entrepot.sources.leading_zeros import words_to_mend
from entrepot.sources.opening import Raw
from entrepot.sources.resolving import (
    MOST_WORDS,
    ROLES,
    STATUSES,
    TRUTHS,
    VALUATIONS,
    Dimension,
    Resolver,
    Unresolved,
    code_resolver,
    currency_resolver,
    flow_resolver,
    period_resolver,
    resolve,
    revision_resolver,
    territory_resolver,
    unit_resolver,
    word_resolver,
)

RELATION = "flow_rows"
BAD = "bad_records"
ISSUE_COLUMNS = "file, source_row, field, value, reason"


@dataclass(frozen=True)
class Normalised:
    """Rows of flows as a view, and a table of issues (file, source_row, field, value, reason, skips).

    ``varying`` are the columns that are not one literal for all rows.
    """

    relation: str
    issues: str
    skipped: int
    notes: tuple[str, ...]
    varying: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Fault:
    """What makes a record bad: SQL condition, our field, SQL of the value found and of the reason."""

    condition: str
    field: str
    value: str
    reason: str


def normalise(engine: Engine, raw: Raw, matched: Matched, *, where: str) -> Normalised:
    """Return the rows of flows in a file's cells.

    Raises:
        SourceError: more than half of the records are bad; the commonest reason is named.
        UnexpectedLayout: a constant is no legal value.
    """
    plan = _Plan(engine, raw, matched, where)
    plan.resolve_dimensions()
    plan.read_numbers()
    plan.resolve_attributes()
    return plan.made()


class _Plan:
    """The one SELECT as it grows: an expression a column, small joins, and what makes a record bad."""

    def __init__(self, engine: Engine, raw: Raw, matched: Matched, where: str) -> None:
        self.engine = engine
        self.raw = raw
        self.matched = matched
        self.layout = matched.layout
        self.where = where
        self.select: dict[str, str] = {}
        self.joins: dict[str, str] = {}
        self.skips: list[_Fault] = []
        self.unsets: list[_Fault] = []
        self.notes: list[str] = []
        self.mended: frozenset[str] = frozenset()
        self.words: dict[str, Dimension] = {}

    def resolve_dimensions(self) -> None:
        values, schemes = self.layout.values, self.layout.schemes
        self._resolve("period", period_resolver(values.get("period", {})))
        for name in ("reporter_iso3", "partner_iso3"):
            self._resolve(name, territory_resolver(values.get(name, {}), schemes.get(name, [])))
        self._resolve("flow", flow_resolver(values.get("flow", {})))
        mended = words_to_mend(self._codes(), self.layout)
        if mended:
            self.notes.append(f"{len(mended)} product codes had lost their leading zero; it was put back")
            self.mended = frozenset() if self.layout.odd_codes == "mend" else mended
        self._resolve(
            "hs_code", code_resolver(values.get("hs_code", {}), mended, keep_odd=self.layout.odd_codes == "keep")
        )
        self.select["freq"] = self._second("period")

    def read_numbers(self) -> None:
        name = self._value_column()
        scales = {"value": "value_scale", "netweight_kg": "netweight_scale", "quantity": "quantity_scale"}
        for column, source in (("value", name), ("netweight_kg", "netweight_kg"), ("quantity", "quantity")):
            if source not in self.matched.columns:
                self.select[column] = "CAST(NULL AS DOUBLE)"
                continue
            self.select[column] = self._number(column, source, getattr(self.layout.read, scales[column]))
        if name == "value":
            self._resolve("currency", currency_resolver(self.layout.values.get("currency", {})))
        else:
            self.select["currency"] = quoted(name.removeprefix("value_").upper())

    def resolve_attributes(self) -> None:
        values, schemes = self.layout.values, self.layout.schemes
        flow = self.select["flow"]
        self._word("partner_role", ROLES, default=self._role(flow))
        self._word("valuation", VALUATIONS, default=_by_flow(flow, self.layout.valuations, _NO_TEXT))
        self._word("report_status", STATUSES, default="'reported'")
        units = unit_resolver(values.get("quantity_unit", {}), schemes.get("quantity_unit", []))
        if not self._resolve("quantity_unit", units):
            self.select["quantity_unit"] = _NO_TEXT
        elif any(code is None for code, _ in self.words["quantity_unit"].words.values()):
            quantity = self.select["quantity"]
            self.select["quantity"] = f"CASE WHEN {self.select['quantity_unit']} IS NOT NULL THEN {quantity} END"
        if not self._resolve("hs_revision", revision_resolver(values.get("hs_revision", {}))):
            self.select["hs_revision"] = self._revision()
        elif any(code == "TOTAL" for code, _ in self.words["hs_code"].words.values()):
            # All goods together have no revision; one that is given would split the cell's history.
            revision, code = self.select["hs_revision"], self.select["hs_code"]
            self.select["hs_revision"] = f"CASE WHEN {code} <> 'TOTAL' THEN {revision} END"
        hidden = self._second("hs_code")
        if hidden != "NULL":
            self.select["report_status"] = f"coalesce({hidden}, {self.select['report_status']})"
        self.select["is_aggregate"] = self._is_aggregate()

    def made(self) -> Normalised:
        source = f"{self.raw.view} raw {' '.join(self.joins.values())}"
        columns = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in self.select.items())
        skipped = self._record_faults(source)
        skip = " OR ".join(f"coalesce({fault.condition}, true)" for fault in self.skips)
        keep = f" WHERE NOT ({skip})" if skip else ""
        self.engine.connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {RELATION} AS "
            f"SELECT {columns}, raw.source_row, raw.source_file FROM {source}{keep}"
        )
        varying = tuple(name for name, sql in self.select.items() if "." in sql)
        return Normalised(RELATION, BAD, skipped, tuple(self.notes), varying)

    def _cell(self, name: str) -> str | None:
        """SQL of a field's cell as text, '' where empty; None where the file has no such column."""
        columns = self.matched.columns
        if name == "period" and name not in columns and "year" in columns:
            return self._year_and_month()
        return self._text(columns[name]) if name in columns else None

    def _text(self, column: str) -> str:
        cell = f"raw.{identifier(column)}"
        is_text = self.raw.columns.get(column) == "VARCHAR"
        return f"coalesce({cell if is_text else f'CAST({cell} AS VARCHAR)'}, '')"

    def _bare(self, name: str) -> str:
        """SQL of a field's cell as text where no cell is empty."""
        column = self.matched.columns.get(name)
        if column is None or self.raw.columns.get(column) != "VARCHAR":
            return self._cell(name) or "''"
        return f"raw.{identifier(column)}"

    def _year_and_month(self) -> str:
        year = self._text(self.matched.columns["year"])
        if "month" not in self.matched.columns:
            return year
        month = self._text(self.matched.columns["month"])
        for theirs, ours in self.layout.values.get("month", {}).items():
            month = f"CASE WHEN {month} = {quoted(theirs)} THEN {quoted(ours)} ELSE {month} END"
        padded = f"right('0' || {month}, greatest(2, length({month})))"
        return f"CASE WHEN {month} = '' THEN {year} ELSE {year} || '-' || {padded} END"

    def _resolve(self, name: str, resolver: Resolver) -> bool:
        """Resolve one field into ``select``; False where neither a column nor a constant gives it."""
        cell = self._cell(name)
        if cell is None:
            return self._constant(name, resolver)
        dimension = resolve(self.engine, f"{self.raw.view} raw", cell, name=name, resolver=resolver)
        self.words[name] = dimension
        if dimension.is_same:
            # Without an empty word the cell itself will do, and costs nothing.
            self.select[name] = cell if "" in dimension.words else self._bare(name)
            return True
        self._join(name)
        self.select[name] = f"w_{name}.code"
        if dimension.bad:
            self.skips.append(_Fault(f"w_{name}.reason IS NOT NULL", name, cell, f"w_{name}.reason"))
        return True

    def _constant(self, name: str, resolver: Resolver) -> bool:
        if name not in self.layout.constants:
            return False
        text = self.layout.constants[name]
        try:
            answer = resolver(text)
        except Unresolved as error:
            raise UnexpectedLayout(
                f"constant {name} = {text!r}: {error}", where=self.where, remedy="Correct the mapping file."
            ) from error
        self.words[name] = Dimension("", True, {}, {text: answer})
        self.select[name] = _NO_TEXT if answer[0] is None else quoted(answer[0])
        return True

    def _join(self, name: str) -> None:
        table = identifier(self.words[name].table)
        cell = self._cell(name) if "" in self.words[name].words else self._bare(name)
        self.joins[name] = f"LEFT JOIN {table} w_{name} ON {cell} = w_{name}.text"

    def _second(self, name: str) -> str:
        """SQL of a resolved field's second answer; a literal where all words share one."""
        answers = {more for code, more in self.words[name].words.values() if code is not None}
        if len(answers) <= 1:
            only = next(iter(answers), None)
            return "NULL" if only is None else quoted(only)
        self._join(name)
        return f"w_{name}.more"

    def _word(self, name: str, known: dict[str, str], *, default: str) -> None:
        """Resolve a category; ``default`` is SQL for rows whose cell is empty, or for all without a column."""
        resolver = word_resolver(self.layout.values.get(name, {}), known, what=name, empty=None)
        if not self._resolve(name, resolver):
            self.select[name] = default
        elif any(code is None for code, _ in self.words[name].words.values()):
            self.select[name] = f"coalesce({self.select[name]}, {default})"

    def _role(self, flow: str) -> str:
        """What the partner is by the publisher's custom; among members of a customs union it is the consignor."""
        role = _by_flow(flow, self.layout.roles, "'unknown'")
        bloc = self.layout.consignment_within
        if bloc is None:
            return role
        periods = sorted({code for code, _ in self.words["period"].words.values() if code})
        pairs = [(p, iso3) for p in periods for iso3 in members(bloc, on=f"{p}-01" if len(p) > 4 else f"{p}-07-01")]
        columns = {"period": [p for p, _ in pairs], "iso3": [iso3 for _, iso3 in pairs]}
        self.engine.table("union_members", columns, {"period": "VARCHAR", "iso3": "VARCHAR"})
        self.joins["union"] = (
            f"LEFT JOIN union_members inside ON inside.period = {self.select['period']} "
            f"AND inside.iso3 = {self.select['partner_iso3']}"
        )
        return f"CASE WHEN inside.iso3 IS NOT NULL AND {flow} = 'import' THEN 'consignment' ELSE {role} END"

    def _codes(self) -> list[str]:
        cell = self._cell("hs_code")
        if cell is None:
            return []
        found = self.engine.rows(f"SELECT DISTINCT {cell} FROM {self.raw.view} raw LIMIT {MOST_WORDS}")
        return [str(row[0]) for row in found]

    def _value_column(self) -> str:
        """One row has one currency: the one that [constants] currency names, else EUR before USD."""
        columns = self.matched.columns
        wanted = f"value_{self.layout.constants.get('currency', 'EUR').lower()}"
        there = [name for name in dict.fromkeys((wanted, *VALUES)) if name in columns]
        if len({columns[name] for name in there}) > 1:
            others = ", ".join(repr(columns[name]) for name in there[1:])
            self.notes.append(
                f"values were taken from {columns[there[0]]!r}, not from {others}: one row has one currency"
            )
        return there[0]

    def _number(self, column: str, source: str, scale: float) -> str:
        name = self.matched.columns[source]
        cell, read = f"raw.{identifier(name)}", self.layout.read
        sql_type = self.raw.columns.get(name, "VARCHAR")
        found = numbers.number(cell, sql_type, read)
        if column in self.layout.zero_is_unknown:
            found = f"nullif({found}, 0)"
        value = found if scale == 1 else f"{found} * {scale!r}"
        bad = numbers.is_bad_number(cell, sql_type, read, scale=scale)
        if not self.engine.rows(f"SELECT 1 FROM {self.raw.view} raw WHERE {bad} LIMIT 1"):
            return value
        self._refuse_decimal_comma(cell, sql_type, name)
        fault = _Fault(bad, source, f"CAST({cell} AS VARCHAR)", numbers.reason(cell, sql_type, read, scale=scale))
        # A record without its value is of no use; one without its weight still is.
        (self.skips if column == "value" else self.unsets).append(fault)
        return f"CASE WHEN NOT {bad} THEN {value} END"

    def _refuse_decimal_comma(self, cell: str, sql_type: str, column: str) -> None:
        """Stop where the column has decimal commas: its points would be read as decimal signs, a thousandfold off."""
        read = self.layout.read
        if sql_type != "VARCHAR" or read.decimal == "," or read.thousands == ",":
            return
        condition = numbers.has_decimal_comma(cell)
        found = self.engine.rows(
            f"SELECT raw.source_row, {cell} FROM {self.raw.view} raw WHERE {condition} ORDER BY 1 LIMIT 1"
        )
        if found:
            raise SourceError(
                f"record {found[0][0]}, column {column!r}: {found[0][1]!r} has a decimal comma",
                where=self.where,
                remedy='Say so in a mapping file: [read] decimal = "," and thousands = "." where they are used.',
            )

    def _revision(self) -> str:
        """The revision in force in the row's year: CN for 8 digits, HS else; NULL for TOTAL."""
        if self.layout.revision != "in_force":
            return _NO_TEXT
        period, code = self.select["period"], self.select["hs_code"]
        years = {int(found[:4]) for found, _ in self.words["period"].words.values() if found}
        cases = " ".join(f"WHEN '{year}' THEN '{hs_revision_in_force(year)}'" for year in sorted(years))
        in_force = f"CASE substr({period}, 1, 4) {cases} END" if cases else "NULL"
        return (
            f"CASE WHEN {code} = 'TOTAL' THEN NULL WHEN length({code}) = 8 THEN 'CN' || substr({period}, 1, 4) "
            f"ELSE {in_force} END"
        )

    def _is_aggregate(self) -> str:
        parts = [self._second(name) for name in ("reporter_iso3", "partner_iso3")]
        values = self.layout.values.get("is_aggregate", {})
        if self._resolve("is_aggregate", word_resolver(values, TRUTHS, what="is_aggregate", empty="false")):
            parts.append(self.select.pop("is_aggregate"))
        return " OR ".join(f"coalesce({part}, 'false') = 'true'" for part in parts)

    def _record_faults(self, source: str) -> int:
        """Make the table of issues, one for each bad record; return how many records are skipped."""
        bodies = [_issues(fault, source, skips=False) for fault in self.unsets]
        earlier: list[str] = []
        for fault in self.skips:
            bodies.append(_issues(fault, source, skips=True, earlier=earlier))
            earlier.append(f"coalesce({fault.condition}, true)")
        if self.mended:
            bodies.append(self._mended_codes(source))
        if self.raw.damaged:
            bodies.append(
                f"SELECT source_file AS file, source_row, '' AS field, value, reason, true AS skips "
                f"FROM {self.raw.damaged}"
            )
        # A melted record makes several rows, yet one issue.
        union = " UNION " if self.layout.melt else " UNION ALL "
        self.engine.connection.execute(f"CREATE OR REPLACE TEMP TABLE {BAD} AS {union.join([ISSUES_SELECT, *bodies])}")
        skipped = int(self.engine.rows(f"SELECT count(*) FROM {BAD} WHERE skips")[0][0])
        records = self.raw.rows + self._damaged()
        if skipped * 2 > records:
            raise self._mostly_bad(skipped, records)
        return skipped

    def _mended_codes(self, source: str) -> str:
        cell = self._cell("hs_code")
        listed = ", ".join(quoted(word) for word in sorted(self.mended))
        return (
            f"SELECT any_value(raw.source_file) AS file, min(raw.source_row) AS source_row, 'hs_code' AS field, "
            f"{cell} AS value, 'lost its leading zero, which was put back' AS reason, false AS skips FROM {source} "
            f"WHERE regexp_replace(trim({cell}), '\\.0$', '') IN ({listed}) GROUP BY {cell}"
        )

    def _damaged(self) -> int:
        return self.engine.rows(f"SELECT count(*) FROM {self.raw.damaged}")[0][0] if self.raw.damaged else 0

    def _mostly_bad(self, skipped: int, records: int) -> SourceError:
        field, reason, row, value = self.engine.rows(
            f"""SELECT field, regexp_replace(any_value(reason), $$'.*'$$, '...'), min(source_row),
                arg_min(value, source_row) FROM {BAD} WHERE skips GROUP BY field ORDER BY count(*) DESC LIMIT 1"""
        )[0]
        column = self.matched.columns.get(field, field)
        return SourceError(
            f"{skipped:,} of {records:,} records cannot be read; most often column {column!r} ({reason}), "
            f"first in record {row}: {value!r}",
            where=self.where,
            remedy="Check the delimiter and the columns, or name them in a mapping file.",
        )


_NO_TEXT = "CAST(NULL AS VARCHAR)"
ISSUES_SELECT = """SELECT '' AS file, 0::BIGINT AS source_row, '' AS field, '' AS value, '' AS reason, false AS skips
    WHERE false"""


def _by_flow(flow: str, words: dict[str, str], default: str) -> str:
    if not words:
        return default
    cases = " ".join(f"WHEN {quoted(ours)} THEN {quoted(word)}" for ours, word in words.items())
    return f"CASE {flow} {cases} ELSE {default} END"


def _issues(fault: _Fault, source: str, *, skips: bool, earlier: list[str] | None = None) -> str:
    first = "".join(f" AND NOT {condition}" for condition in earlier or [])
    return (
        f"SELECT raw.source_file AS file, raw.source_row, {quoted(fault.field)} AS field, {fault.value} AS value, "
        f"{fault.reason} AS reason, {skips} AS skips FROM {source} WHERE ({fault.condition}){first}"
    )
