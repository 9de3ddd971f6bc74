"""Dates of Russian texts in EDTF, as open as the text leaves them."""

from __future__ import annotations

import re

_MONTHS = "январ феврал март апрел ма июн июл август сентябр октябр ноябр декабр".split()
_MONTH = r"(?:январ|феврал|март|апрел|ма(?=[йяе]\b)|июн|июл|август|сентябр|октябр|ноябр|декабр)(?:ь|я|е|а|й|ю|ем|)"
_SEASONS = {"весн": "21", "лет": "22", "осен": "23", "зим": "24"}
_DATE = re.compile(
    rf"\b(?:(?P<d>\d{{1,2}})\s)?(?P<m>{_MONTH})(?:\s(?P<y>(?:19|20)\d\d)(?:\sгода?)?)?(?!\w)"
    r"|\b(?P<dd>\d{1,2})\.(?P<mm>\d{1,2})\.(?P<yy>(?:19|20)\d\d)"
    r"|\b(?P<s>весной|летом|осенью|зимой)(?:\s(?P<ys>(?:19|20)\d\d)(?:\sгода?)?)"
    r"|\b(?P<yo>(?:19|20)\d\d)(?:-?\s?(?:году|года|год|г\.))",
    re.I,
)
_RELATIVE = re.compile(
    r"\b(?:в (?:этом|прошлом|следующем|текущем) (?:году|месяце)|(?:вчера|сегодня|завтра|недавно)|до конца года"
    r"|на (?:прошлой|этой|следующей) неделе)\b",
    re.I,
)
_OPEN = ((re.compile(r"\b(?:с|со|начиная с|после)\s$", re.I), "{}/.."), (re.compile(r"\b(?:до|к)\s$", re.I), "../{}"))


def russian_date_of(text: str, start: int, end: int) -> tuple[str, str] | None:
    """Return the words of a date and its EDTF, empty where it hangs on the day of writing; None without one."""
    match = _DATE.search(text, start, end)
    if match is None:
        near = _RELATIVE.search(text, start, end)
        return (near.group(), "") if near else None
    value = _edtf(match)
    if not value:
        return None
    before = text[max(start, match.start() - 14) : match.start()]
    for pattern, form in _OPEN:
        if opened := pattern.search(before):
            return text[match.start() - len(opened.group()) : match.end()], form.format(value)
    return match.group(), value


def _edtf(match: re.Match[str]) -> str:
    if match["dd"]:
        return f"{match['yy']}-{int(match['mm']):02d}-{int(match['dd']):02d}" if int(match["mm"]) <= 12 else ""
    if match["s"]:
        stem = next(stem for stem in _SEASONS if match["s"].lower().startswith(stem))
        return f"{match['ys']}-{_SEASONS[stem]}"
    if match["yo"]:
        return match["yo"]
    low = match["m"].lower()
    month = next(n for n, stem in enumerate(_MONTHS, 1) if low.startswith(stem) and (stem != "ма" or low[:3] != "мар"))
    day = f"-{int(match['d']):02d}" if match["d"] and int(match["d"]) <= 31 else ""
    return f"{match['y'] or 'XXXX'}-{month:02d}{day}"
