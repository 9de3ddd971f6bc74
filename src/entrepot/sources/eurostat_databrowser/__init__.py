"""Eurostat's Data Browser spreadsheets."""
