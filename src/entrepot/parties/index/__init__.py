"""The candidates' index: names of lists as grams, kept in the lake, answering one query in a millisecond."""

from entrepot.parties.index.index import Candidate, Index, open_index, readable

__all__ = ["Candidate", "Index", "open_index", "readable"]
