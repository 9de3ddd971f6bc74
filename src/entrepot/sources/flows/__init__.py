"""This project's own columns, or any others by a mapping file."""
