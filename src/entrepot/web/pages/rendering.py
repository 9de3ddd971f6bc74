"""Rendering: a page from its template, in the reader's language, with what every page shows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import HTMLResponse

from entrepot.report import river_picture
from entrepot.web.pages.language import COOKIE, LANGUAGES, language_of, speaker, translator
from entrepot.web.pages.telling import placer, plain_sayer, sayer

if TYPE_CHECKING:
    from jinja2 import Environment

# Address, its name in the menu, and the key that leads there.
MENU = (
    ("/", "The answer", "1"),
    ("/today", "Today", "2"),
    ("/explore", "Routes", "3"),
    ("/sides", "Both sides", "4"),
    ("/timeline", "Measures", "5"),
    ("/names", "Names", "6"),
    ("/record", "One record", "7"),
    ("/article", "An article", "8"),
    ("/desk", "The desk", "9"),
)
_YEAR = 31_536_000
# Alerts about these name nobody: what they are called is the program's own words.
_NAMELESS = frozenset(("route", "corridor"))


def page(
    request: Request, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **shown: Any
) -> HTMLResponse:
    """Return a page; a language chosen in the address is kept in a cookie."""
    options = request.app.state.workbench.options
    language = language_of(request)
    translate = translator(language)
    text = (
        environment()
        .get_template(template)
        .render(
            t=translate,
            w=speaker(translate),
            say=sayer(language),
            told=plain_sayer(language),
            placed=placer(language),
            label=partial(_label, language),
            river=partial(river_picture, say=plain_sayer(language)),
            lang=language,
            languages=[(one, _here(request, lang=one)) for one in LANGUAGES],
            menu=MENU,
            path=request.url.path,
            here=lambda **changed: _here(request, **changed),
            simulated=options.is_simulated,
            session=getattr(request.state, "session", None),
            csrf=getattr(request.state, "csrf", ""),
            **shown,
        )
    )
    answer = HTMLResponse(text, status, dict(headers or {}))
    answer.headers["Vary"] = "Cookie, Accept-Language"
    if request.query_params.get("lang") in LANGUAGES:
        answer.set_cookie(COOKIE, language, max_age=_YEAR, httponly=True, samesite="strict")
    return answer


def _label(language: str, alert: Any) -> str:
    """What an alert is about: a route in the reader's words, a person's or firm's name as it is."""
    kind, label = (alert[name] if isinstance(alert, dict) else getattr(alert, name) for name in ("kind", "label"))
    return plain_sayer(language)(label) if kind in _NAMELESS else str(label)


@cache
def environment() -> Environment:
    """Return the templates of this room; text is escaped, and a name that is not given is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("entrepot.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return made


def compile_templates() -> None:
    """Compile every template, so that the first reader does not wait for it."""
    for name in environment().list_templates():
        environment().get_template(name)


def _here(request: Request, **changed: object) -> str:
    """The present address with parts of its question changed; None takes a part away."""
    asked = {name: value for name, value in request.query_params.items() if name not in changed}
    asked.update({name: str(value) for name, value in changed.items() if value is not None})
    return f"{request.url.path}?{urlencode(asked)}" if asked else request.url.path


def error_page(request: Request, status: int, shape: Mapping[str, str]) -> HTMLResponse:
    """Return the page of an error."""
    return page(request, "error.html.j2", status=status, error=shape)
