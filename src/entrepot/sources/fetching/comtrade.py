"""UN Comtrade: asks for final data through the public preview or, with a key, the data service."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from entrepot.errors import SourceError
from entrepot.origin import Origin, content_hash
from entrepot.sources.fetching.answer import Answer, read_answer, write_csv
from entrepot.sources.fetching.download import Progress
from entrepot.sources.fetching.files import beside, cannot_write, is_here, promote, read_json, write_json
from entrepot.sources.fetching.pacing import persist
from entrepot.sources.fetching.question import Question
from entrepot.sources.fetching.session import Session, refuse_page

BASE_URL = "https://comtradeapi.un.org"
PREVIEW_ROWS = 500
KEY_ROWS = 250_000
_LICENCE = "© United Nations (UN Comtrade); free use with attribution, no mass redistribution"


@dataclass
class Diary:
    """What must be remembered between runs in one folder: calls made today, questions too large.

    Kept in ``.comtrade.json``; holds no key and nothing made from one.
    """

    path: Path
    now: Callable[[], datetime]
    calls_per_day: int
    calls: int = 0

    def count_call(self) -> None:
        """Count one call, before it is made.

        Raises:
            SourceError: today's calls (UTC) are used up.
        """
        note, today = read_json(self.path), self.now().date().isoformat()
        made = int(str(note.get("calls", 0))) if note.get("day") == today else 0
        if made >= self.calls_per_day:
            raise SourceError(
                f"{made} calls were made today, which is the daily quota",
                where=str(self.path.parent),
                remedy="Run the same command tomorrow (UTC); what is here is not asked for again. "
                "An account with a larger quota may raise --calls-per-day.",
            )
        self.calls += 1
        write_json(self.path, {**note, "day": today, "calls": made + 1})

    def is_too_large(self, question: Question, *, limit: int) -> bool:
        """Return whether an earlier run saw that the answer does not fit."""
        return f"{question.digest()}-{limit}" in self._too_large()

    def record_too_large(self, question: Question, *, limit: int) -> None:
        """Remember that the answer does not fit, so that the next run does not ask again."""
        known = [*self._too_large(), f"{question.digest()}-{limit}"]
        write_json(self.path, {**read_json(self.path), "too_large": known[-5000:]})

    def _too_large(self) -> list[str]:
        known = read_json(self.path).get("too_large", [])
        return [str(item) for item in known] if isinstance(known, list) else []


@dataclass
class Comtrade:
    """Answers questions into CSV files of one folder, splitting what is too large for one call.

    Attributes:
        session: the conversation; its key, if any, decides which service is asked.
        folder: where the answers are saved.
        diary: calls made and questions too large.
        limit: rows that one call can bring.
        base_url: the service, without a path.
        refresh: ask again for what is here already.
        progress: told after each answer.
    """

    session: Session
    folder: Path
    diary: Diary
    limit: int
    base_url: str = BASE_URL
    refresh: bool = False
    progress: Progress | None = None
    written: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)

    def collect(self, question: Question) -> None:
        """Save all answers to a question.

        Raises:
            SourceError: the question cannot be cut small enough, or the service fails.
            UnexpectedLayout: the service changed its answers.
        """
        waiting = deque(question.first_pieces())
        done = 0
        while waiting:
            if smaller := self._save(waiting.popleft()):
                waiting.extendleft(reversed(smaller))
                continue
            done += 1
            if self.progress:
                self.progress("answers", done, done + len(waiting))

    def _save(self, question: Question) -> list[Question]:
        """Save the answer; where it does not fit one call, return smaller questions instead."""
        path = self.folder / question.file_name()
        if not self.refresh and is_here(path):
            self.kept.append(path)
            return []
        if not self.diary.is_too_large(question, limit=self.limit):
            answer = self._ask(question)
            if not answer.is_cut(limit=self.limit):
                self._write(path, answer, question)
                return []
            self.diary.record_too_large(question, limit=self.limit)
        return self._smaller(question)

    def _smaller(self, question: Question) -> list[Question]:
        smaller = question.halves() or self._named_areas(question)
        if not smaller:
            raise SourceError(
                f"{self.limit:,} rows or more for one call that cannot be cut further: {question.describe()}",
                where=self.base_url,
                remedy="Name the products (--products 870323,870380 or chpl)"
                + ("." if self.limit > PREVIEW_ROWS else ", or set ENTREPOT_COMTRADE_KEY to ask for more rows a call."),
            )
        return smaller

    def _named_areas(self, question: Question) -> list[Question]:
        """Return the question with "all" replaced by the areas that have any trade in it.

        The publisher's own TOTAL rows name them, so none can be missing for a gap in our code list.
        """
        if question.products == ("TOTAL",):
            return []
        if question.reporters is None:
            total = replace(question, products=("TOTAL",), partners=question.partners or ("0",))
            codes = self._areas(total, "reporterCode")
            return replace(question, reporters=codes).first_pieces() if codes else []
        if question.partners is None:
            total = replace(question, products=("TOTAL",))
            codes = self._areas(total, "partnerCode")
            return replace(question, partners=codes).first_pieces() if codes else []
        return []

    def _areas(self, total: Question, column: str) -> tuple[str, ...]:
        answer = self._ask(total)
        return () if answer.is_cut(limit=self.limit) else answer.codes(column)

    def _ask(self, question: Question) -> Answer:
        url = self._url(question)

        def attempt() -> bytes:
            with self.session.get(url) as response:
                refuse_page(response, where=url)
                return response.read()

        return read_answer(persist(attempt, pacing=self.session.pacing), question, where=url)

    def _url(self, question: Question) -> str:
        service = "public/v1/preview" if self.limit == PREVIEW_ROWS else "data/v1/get"
        address = f"{self.base_url.rstrip('/')}/{service}/C/{question.freq}/HS"
        return f"{address}?{question.query()}&maxRecords={self.limit}"

    def _write(self, path: Path, answer: Answer, question: Question) -> None:
        if not answer.rows:
            # Not reported is not zero: no file, and the next run asks again.
            self.empty.append(question.describe())
            return
        part = beside(path, ".part")
        try:
            write_csv(part, answer)
        except OSError as error:
            raise cannot_write(part, error) from error
        promote(part, path, origin=self._origin(question, part))
        self.written.append(path)

    def _origin(self, question: Question, part: Path) -> Origin:
        now = self.session.pacing.now()
        return Origin(
            publisher="United Nations Statistics Division",
            title=f"UN Comtrade, final data, HS: {question.describe()}",
            url=self._url(question),
            retrieved_at=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            extracted_date=now.date().isoformat(),
            licence=_LICENCE,
            sha256=content_hash(part),
        )
