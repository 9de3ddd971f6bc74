"""The simulated trade world: made data with planted answers."""

from entrepot.world.options import WorldOptions, preset
from entrepot.world.simulate import World, simulate

__all__ = ["World", "WorldOptions", "preset", "simulate"]
