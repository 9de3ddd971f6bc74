"""Dated policy events."""
