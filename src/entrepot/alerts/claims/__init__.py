"""Claims put to the data: what the ledger, memberships, flows, routes and lists say of what was said."""

from entrepot.alerts.claims.testing import test_claims, verdict_of

__all__ = ["test_claims", "verdict_of"]
