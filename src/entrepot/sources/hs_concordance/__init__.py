"""UNSD's correlations between revisions of the Harmonized System."""
