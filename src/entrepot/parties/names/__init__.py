"""Names: what two documents' spellings of one person or firm have in common, and what two persons' have not."""

from entrepot.parties.names.common import is_common_family
from entrepot.parties.names.companies import is_body
from entrepot.parties.names.found import NameMatch
from entrepot.parties.names.matching import compare_names
from entrepot.parties.names.reading import Name, read_name
from entrepot.parties.names.several import read_names
from entrepot.parties.names.word import Token

__all__ = ["Name", "NameMatch", "Token", "compare_names", "is_body", "is_common_family", "read_name", "read_names"]
