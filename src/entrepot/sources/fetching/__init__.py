"""Downloading from publishers: politely, resumably, and never half a file under its final name."""
