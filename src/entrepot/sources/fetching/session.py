"""One polite conversation with one publisher over HTTP; a subscription key is sent, never shown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_address
from types import TracebackType
from typing import NoReturn
from urllib.parse import urlsplit

import httpx

from entrepot.errors import ConfigError, SourceError
from entrepot.sources.fetching.pacing import Pacing, TryAgain, Turnstile, retry_after

_AGENT = "entrepot/0.1 (trade statistics; one call at a time)"
_KEY_HEADER = "Ocp-Apim-Subscription-Key"
_PASSING = (200, 206, 416)
_PASSES_BY_ITSELF = (408, 429, 500, 502, 503, 504)
_SHOWN_CHARACTERS = 300


class Session:
    """Sends GET requests one at a time, in turn, and tells lasting failures from passing ones."""

    def __init__(
        self,
        base_url: str,
        *,
        pacing: Pacing,
        key: str | None = None,
        before_call: Callable[[], None] | None = None,
    ) -> None:
        self.pacing = pacing
        self._key = key
        self._turnstile = Turnstile(pacing)
        self._before_call = before_call
        check_base_url(base_url, has_key=key is not None)
        headers = {"User-Agent": _AGENT, "Accept-Encoding": "identity"}
        if key is not None:
            headers[_KEY_HEADER] = _checked_key(key)
        self._client = httpx.Client(
            headers=headers,
            timeout=httpx.Timeout(120.0, connect=30.0),
            # A redirect would carry the key to whatever host it names.
            follow_redirects=key is None,
            max_redirects=5,
            # A proxy of the environment cannot reach this machine's own loopback.
            trust_env=not _is_loopback(urlsplit(base_url).hostname),
        )

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    @contextmanager
    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Iterator[httpx.Response]:
        """Yield an answer whose body has not been read yet; status 200, 206 or 416.

        Raises:
            TryAgain: refused connection, dropped connection (also while the body is read inside the
                block), 429 or a server error.
            SourceError: any other status.
        """
        self._turnstile.wait()
        if self._before_call:
            self._before_call()
        try:
            with self._client.stream("GET", url, headers=headers) as response:
                if response.status_code not in _PASSING:
                    self._refuse(response, url=url)
                yield response
        except httpx.TooManyRedirects as error:
            raise SourceError("too many redirects", where=url, remedy="Check --base-url.") from error
        except httpx.TransportError as error:
            raise TryAgain(
                f"connection failed ({type(error).__name__}: {self._hide(str(error))})",
                where=url,
                remedy="Check the network and run the same command again; what is here already is kept.",
            ) from error

    def _refuse(self, response: httpx.Response, *, url: str) -> NoReturn:
        status, said = response.status_code, self._hide(_message(response))
        found = f"HTTP {status}" + (f" ({said})" if said else "")
        wait = retry_after(response.headers, now=self.pacing.now())
        if status in (403, 429) and "quota" in said.lower():
            raise SourceError(
                f"the publisher's quota is used up: {found}",
                where=url,
                remedy="Run the same command again when it is replenished; what is here already is kept.",
            )
        if status in _PASSES_BY_ITSELF:
            raise TryAgain(found, where=url, remedy="Try again later.", seconds=wait)
        raise SourceError(found, where=url, remedy=_remedy(status, has_key=self._key is not None))

    def _hide(self, text: str) -> str:
        return text.replace(self._key, "***") if self._key else text


def check_base_url(base_url: str, *, has_key: bool) -> None:
    """Raise ConfigError where an address is no plain http(s) address, or would show a key to the network."""
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(f"--base-url is {base_url!r}", remedy="Give an address that starts with https://.")
    if parts.username or parts.password or parts.query or parts.fragment:
        # The address is recorded as the origin of the file, so it must not hold a credential.
        raise ConfigError(
            "--base-url holds a user name, a password or a query",
            where=parts.hostname,
            remedy="Give the plain address.",
        )
    if has_key and parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ConfigError("a subscription key would be sent without encryption", where=base_url, remedy="Use https://.")


def refuse_page(response: httpx.Response, *, where: str) -> None:
    """Raise SourceError where the answer is a web page: an error page or a login sent with status 200."""
    kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        raise SourceError(
            f"a web page ({kind}) instead of data",
            where=where,
            remedy="Open the address in a browser to see what the publisher says; nothing was saved.",
        )


def _checked_key(key: str) -> str:
    # An odd character would come back inside the HTTP library's own message, with the whole key.
    if not re.fullmatch(r"[\x21-\x7e]{1,200}", key):
        raise ConfigError(
            "the Comtrade key holds spaces, line ends or other characters that no key has",
            remedy="Set ENTREPOT_COMTRADE_KEY to the subscription key alone.",
        )
    return key


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def _message(response: httpx.Response) -> str:
    text = response.read()[:20_000].decode("utf-8", "replace")
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    if isinstance(answer, dict):
        text = str(answer.get("message") or answer.get("error") or "")
    elif "<html" in text.lower():
        text = "a web page"
    return " ".join(text.split())[:_SHOWN_CHARACTERS]


def _remedy(status: int, *, has_key: bool) -> str:
    if status in (401, 403) and has_key:
        return "Check ENTREPOT_COMTRADE_KEY: the publisher does not take this key for this data."
    if status in (401, 403):
        return "The publisher wants a subscription key; set ENTREPOT_COMTRADE_KEY."
    if status == 404:
        return "The publisher has no such file or period (yet), or --base-url is wrong."
    if 300 <= status < 400:
        return "The publisher's address changed; a key is not sent on to another one. Check --base-url."
    return "Check the question; the publisher does not take it."
