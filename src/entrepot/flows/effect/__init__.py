"""Effect: did trade change at a date, against what other importers' trade says would have happened?"""

from entrepot.flows.effect.answer import Effect, EffectOptions, effect

__all__ = ["Effect", "EffectOptions", "effect"]
