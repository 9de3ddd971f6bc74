"""Co-adoption: how close in time similar acts of two jurisdictions are, and how surprising that is."""

from entrepot.ledger.coadoption.answer import CoAdoption, coadoption
from entrepot.ledger.coadoption.diffusion import Diffusion
from entrepot.ledger.coadoption.pairs import Pair
from entrepot.ledger.coadoption.triggers import Trigger

__all__ = ["CoAdoption", "Diffusion", "Pair", "Trigger", "coadoption"]
