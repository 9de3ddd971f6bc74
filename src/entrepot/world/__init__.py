"""The simulated world: trade with planted diversions, and people with planted behaviour; made data, known answers."""

from entrepot.world.articles import write_article
from entrepot.world.options import WorldOptions, preset
from entrepot.world.people.options import PeopleOptions
from entrepot.world.people.populate import DOUBLES, PLANTED, Population, populate
from entrepot.world.simulate import World, simulate

__all__ = [
    "DOUBLES",
    "PLANTED",
    "PeopleOptions",
    "Population",
    "World",
    "WorldOptions",
    "populate",
    "preset",
    "simulate",
    "write_article",
]
