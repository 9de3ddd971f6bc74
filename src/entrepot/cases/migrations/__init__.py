"""Migrations of the store, run by Alembic; a file each, never edited once released."""
