"""Report: one HTML file made from an answer of ``routes``, for reading on a screen, a phone and paper."""

from entrepot.report.page import render_report, write_report

__all__ = ["render_report", "write_report"]
