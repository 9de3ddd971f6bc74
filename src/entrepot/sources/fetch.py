"""Download from publishers: UN Comtrade by question, Eurostat Comext by month.

The only room besides ``cli`` and ``web`` that reads the clock, since a download happens at an instant.
The folder's layout is described in ``fetching/files.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from entrepot.errors import ConfigError, NotFound

if TYPE_CHECKING:
    from entrepot.sources.fetching.download import Progress
    from entrepot.sources.fetching.pacing import Pacing

_ASKED = {
    "comtrade": {"reporter": "", "partner": "", "period": "", "flow": "", "products": "TOTAL", "freq": "M"},
    "comext": {"period": ""},
}


@dataclass(frozen=True)
class FetchReport:
    """What a fetch did.

    Attributes:
        source_id: the source, as ``ingest`` names it.
        written: files downloaded now.
        kept: files that were here already, complete and with the recorded hash.
        empty: questions to which the publisher has no rows (which does not mean no trade).
        calls: questions asked of UN Comtrade.
    """

    source_id: str
    written: tuple[Path, ...] = ()
    kept: tuple[Path, ...] = ()
    empty: tuple[str, ...] = ()
    calls: int = 0


@dataclass(frozen=True)
class Access:
    """How the publisher is reached.

    Attributes:
        base_url: address of a mirror that answers like the publisher; None for the publisher itself.
        key: subscription key of UN Comtrade, sent as a header only; None asks the public preview.
        refresh: download again what is here already.
        calls_per_day: calls to UN Comtrade after which a run stops until the next day (UTC).
        pacing: pauses, clocks and sleep; None for the usual ones.
        progress: told of a name, how much of it is done, and how much there is (None where unknown).
    """

    base_url: str | None = None
    key: str | None = None
    refresh: bool = False
    calls_per_day: int = 500
    pacing: Pacing | None = None
    progress: Progress | None = None

    def __repr__(self) -> str:
        return f"Access(base_url={self.base_url!r}, key={'***' if self.key else None})"


def fetch(
    source_id: str,
    folder: Path | str,
    *,
    key: str | None = None,
    base_url: str | None = None,
    access: Mapping[str, object] | None = None,
    **question: str,
) -> FetchReport:
    """Download from a publisher into ``folder`` and return what was written.

    Each file has its Origin beside it (``<file>.origin.json``, which ``ingest`` takes up) and gets its
    name only when it is complete. A run that ends early goes on where it stopped.

    Args:
        source_id: ``comtrade`` or ``comext``.
        folder: where the files go; made if absent. One fetch at a time works in a folder.
        key: subscription key of UN Comtrade; None asks the public preview (500 rows a call).
        base_url: a mirror that answers like the publisher.
        access: further fields of :class:`Access`: refresh, calls_per_day, pacing, progress.
        question: for comtrade reporter, partner, period, flow, products (TOTAL), freq (M);
            for comext period. Lists are joined by commas, ranges written ``2023-01..2023-12``.

    Returns:
        paths written and kept. UN Comtrade answers become CSV files with the publisher's own column
        names, values in USD; Comext months are 7z archives as published, values in EUR.

    Raises:
        NotFound: no such source to fetch from.
        ConfigError: a part of the question is missing, unknown or not understood.
        UnknownCode: a territory, flow or product that no code list holds.
        SourceError: the publisher refuses, fails for too long, or the question is too large.
        UnexpectedLayout: the publisher changed its answers.
        SnapshotMismatch: a file in the folder is not what was downloaded.
    """
    way = Access(**{"key": key, "base_url": base_url, **(access or {})})  # type: ignore[arg-type]
    words = _complete(source_id, question)
    if way.calls_per_day < 1:
        raise ConfigError(f"calls a day: {way.calls_per_day}", remedy="Give a whole number above zero.")
    return _FETCHERS[source_id](Path(folder), words, way)


def _complete(source_id: str, question: Mapping[str, str]) -> dict[str, str]:
    if source_id not in _ASKED:
        raise NotFound(f"no download for source {source_id!r}", remedy=f"Known: {', '.join(sorted(_ASKED))}.")
    known = _ASKED[source_id]
    if unknown := sorted(set(question) - set(known)):
        raise ConfigError(f"{source_id} has no {unknown[0]!r}", remedy=f"Known: {', '.join(known)}.")
    words = {**known, **question}
    if missing := [name for name, word in words.items() if not word.strip()]:
        raise ConfigError(f"{source_id} needs {missing[0]!r}", remedy=f"Give --{missing[0]}.")
    return words


def _fetch_comtrade(folder: Path, words: Mapping[str, str], way: Access) -> FetchReport:
    from entrepot.sources.fetching import comtrade
    from entrepot.sources.fetching.asking import read_question
    from entrepot.sources.fetching.files import folder_lock
    from entrepot.sources.fetching.pacing import Pacing
    from entrepot.sources.fetching.session import Session

    question = read_question(**words)
    pacing = way.pacing or Pacing()
    base_url = way.base_url or comtrade.BASE_URL
    diary = comtrade.Diary(folder / ".comtrade.json", now=pacing.now, calls_per_day=way.calls_per_day)
    session = Session(base_url, pacing=pacing, key=way.key, before_call=diary.count_call)
    with session, folder_lock(folder):
        client = comtrade.Comtrade(
            session=session,
            folder=folder,
            diary=diary,
            limit=comtrade.KEY_ROWS if way.key else comtrade.PREVIEW_ROWS,
            base_url=base_url,
            refresh=way.refresh,
            progress=way.progress,
        )
        client.collect(question)
    return FetchReport("comtrade", tuple(client.written), tuple(client.kept), tuple(client.empty), diary.calls)


def _fetch_comext(folder: Path, words: Mapping[str, str], way: Access) -> FetchReport:
    from entrepot.sources.fetching import comext
    from entrepot.sources.fetching.files import folder_lock
    from entrepot.sources.fetching.pacing import Pacing
    from entrepot.sources.fetching.periods import read_periods
    from entrepot.sources.fetching.session import Session

    periods = read_periods(words["period"], freq="M")
    base_url = way.base_url or comext.BASE_URL
    # The key belongs to UN Comtrade; nobody else gets to see it.
    with Session(base_url, pacing=way.pacing or Pacing()) as session, folder_lock(folder):
        found = [
            comext.fetch_month(session, period, folder, base_url=base_url, refresh=way.refresh, progress=way.progress)
            for period in periods
        ]
    written = tuple(path for path, is_new in found if is_new)
    return FetchReport("comext", written, tuple(path for path, is_new in found if not is_new))


_FETCHERS: dict[str, Callable[[Path, Mapping[str, str], Access], FetchReport]] = {
    "comtrade": _fetch_comtrade,
    "comext": _fetch_comext,
}
