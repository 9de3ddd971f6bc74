"""Eurostat's yearly changes of the Combined Nomenclature."""
