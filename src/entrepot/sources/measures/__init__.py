"""Entries of the ledger as CSV."""
