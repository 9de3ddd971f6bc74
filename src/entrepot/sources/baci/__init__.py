"""CEPII's BACI."""
