"""Product codes that a table program turned into numbers, and so lost their leading zero.

A code of the Harmonized System has an even number of digits; those of chapters 01 to 09 become odd without it.
"""

from __future__ import annotations

from collections.abc import Iterable

from entrepot.sources.model import Layout
from entrepot.sources.resolving import plain_code


def words_to_mend(words: Iterable[str], layout: Layout) -> frozenset[str]:
    """Return the plain codes to put a zero before.

    They are mended where the layout says so, or where the file proves that its codes were read as numbers: no code
    begins with 0, and each code of odd length is one digit short of a length that other codes have (or all codes
    have that one odd length). Codes of other odd lengths are left, to become issues.
    """
    digits = {plain for word in words if (plain := plain_code(word)).isdigit()}
    odd = frozenset(word for word in digits if len(word) % 2)
    if layout.odd_codes == "keep":
        odd = frozenset(word for word in odd if len(word) < 6)
    if not odd:
        return frozenset()
    if layout.odd_codes == "mend":
        return odd
    if any(word.startswith("0") for word in digits):
        return frozenset()
    even = {len(word) for word in digits - odd}
    lengths = {len(word) for word in odd}
    return odd if lengths <= {length - 1 for length in even} or (not even and len(lengths) == 1) else frozenset()
