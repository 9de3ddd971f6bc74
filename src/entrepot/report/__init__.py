"""Report: HTML pages made from an answer of ``routes``, and timelines of the ledger, for screen, phone and paper."""

from entrepot.report.both_sides import Side, both_sides
from entrepot.report.brief import write_brief
from entrepot.report.case import least_money, render_case, told_finding, write_case
from entrepot.report.check import MOST_RECORDS, write_check
from entrepot.report.coadoption import coadoption_page
from entrepot.report.effect import effect_page, effect_sentence
from entrepot.report.page import page_parts, render_report, write_report
from entrepot.report.pictures import river_picture, stylesheet
from entrepot.report.timeline import timeline, write_timeline
from entrepot.report.writing import write_whole

__all__ = [
    "MOST_RECORDS",
    "Side",
    "both_sides",
    "coadoption_page",
    "effect_page",
    "effect_sentence",
    "least_money",
    "page_parts",
    "render_case",
    "render_report",
    "river_picture",
    "stylesheet",
    "timeline",
    "told_finding",
    "write_brief",
    "write_case",
    "write_check",
    "write_report",
    "write_timeline",
    "write_whole",
]
