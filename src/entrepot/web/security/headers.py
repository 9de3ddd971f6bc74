"""Headers: what a browser may do with the answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{styles}; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors {frames}"
)
# Pages of other programs on this machine, such as OpenRefine, that may show what reconciliation answers.
_NEIGHBOURS = "http://127.0.0.1:* http://localhost:*"
_FOR_NEIGHBOURS = ("x-frame-options", "cross-origin-resource-policy")
_ALWAYS = (
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    # Not no-referrer: with it a browser names no origin where it sends this server's own forms.
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)
_HSTS = ("strict-transport-security", "max-age=31536000")

Header = tuple[bytes, bytes]


def secured(
    headers: Iterable[Header], *, styles: Sequence[str] = (), is_https: bool = False, neighbour: str | None = None
) -> list[Header]:
    """Return an answer's headers with those that every answer carries; none is there twice.

    Args:
        styles: hashes of style elements that one page may hold.
        is_https: tell browsers to come back by https only.
        neighbour: origin of another program on this machine whose page may read and frame the answer, empty where
            the browser does not name it; None for nobody.
    """
    found = list(headers)
    names = {name.lower() for name, _ in found}
    frames = "'none'" if neighbour is None else _NEIGHBOURS
    policy = _POLICY.format(styles="".join(f" {one}" for one in styles), frames=frames)
    added = [*_ALWAYS, ("content-security-policy", policy)]
    if neighbour is not None:
        added = [(name, value) for name, value in added if name not in _FOR_NEIGHBOURS]
        added.append(("cross-origin-resource-policy", "cross-origin"))
    if neighbour:
        added += [("access-control-allow-origin", neighbour), ("vary", "Origin")]
    if is_https:
        added.append(_HSTS)
    if b"cache-control" not in names:
        # Names of customers stand in pages and answers; no copy of them is to stay in a cache.
        added.append(("cache-control", "no-store"))
    return [*found, *((name.encode(), value.encode()) for name, value in added if name.encode() not in names)]
