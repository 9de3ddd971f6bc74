"""Eurostat's Comext: bulk files and views."""
