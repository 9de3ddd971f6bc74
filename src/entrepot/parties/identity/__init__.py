"""Identity: one person behind several documents, in a customer file and against lists."""

from entrepot.parties.identity.consistency import CONSISTENCY, inconsistencies
from entrepot.parties.identity.judgements import control_judgements, judge, judgements
from entrepot.parties.identity.link import LINKS, link
from entrepot.parties.identity.profile import Profile, profile_of, profiles, profiles_of, read_rows

__all__ = [
    "CONSISTENCY",
    "LINKS",
    "Profile",
    "control_judgements",
    "inconsistencies",
    "judge",
    "judgements",
    "link",
    "profile_of",
    "profiles",
    "profiles_of",
    "read_rows",
]
