"""Eurostat Comext bulk files: one 7z archive a month with every reporter, partner and CN8 code."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from pathlib import Path

from entrepot.origin import Origin, content_hash
from entrepot.sources.fetching.download import Progress, Served, discard, download
from entrepot.sources.fetching.files import beside, is_here, promote
from entrepot.sources.fetching.session import Session
from entrepot.sources.fetching.sevenzip import check_seven_zip

BASE_URL = "https://ec.europa.eu/eurostat/api/dissemination/files"
_FOLDER = "comext%2FCOMEXT_DATA%2FPRODUCTS%2F"
_LICENCE = "© European Union (Eurostat); reuse allowed with attribution (Commission Decision 2011/833/EU)"


def month_file(period: str) -> str:
    """Return the publisher's file name for a month such as ``2024-03``."""
    return f"full_v2_{period.replace('-', '')}.7z"


def fetch_month(
    session: Session,
    period: str,
    folder: Path,
    *,
    base_url: str = BASE_URL,
    refresh: bool = False,
    progress: Progress | None = None,
) -> tuple[Path, bool]:
    """Return the path of a month's archive in ``folder`` and whether it was downloaded now.

    A complete earlier download with the recorded hash is left alone unless ``refresh``.

    Raises:
        SourceError: the publisher has no such month, sends a page or a damaged archive, or does not answer.
        SnapshotMismatch: a file of that name is here that is not an earlier download.
    """
    target = folder / month_file(period)
    if not refresh and is_here(target):
        return target, False
    url = f"{base_url.rstrip('/')}?file={_FOLDER}{target.name}"
    part = beside(target, ".part")
    served = download(session, url, part, progress=progress)
    try:
        check_seven_zip(part, where=url)
    except Exception:
        discard(part)
        raise
    promote(part, target, origin=_origin(served, part, period=period, session=session))
    return target, True


def _origin(served: Served, part: Path, *, period: str, session: Session) -> Origin:
    return Origin(
        publisher="Eurostat",
        title=f"Comext, EU trade by CN8, detailed data, {period} ({month_file(period)})",
        url=served.url,
        retrieved_at=session.pacing.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        extracted_date=_day(served.last_modified),
        licence=_LICENCE,
        sha256=content_hash(part),
    )


def _day(text: str) -> str | None:
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except ValueError:
        return None
