"""Trade estimates: tables of the lake in, a table out."""

from entrepot.flows.control_weights import WEIGHT_TYPES, control_weights
from entrepot.flows.effect import Effect, EffectOptions, effect
from entrepot.flows.mirror import Mirror, mirror
from entrepot.flows.options import CONTROL_SETS, Method, RoutesOptions
from entrepot.flows.placebo import KINDS as PLACEBO_KINDS
from entrepot.flows.placebo import PLACEBO_TYPES, Placebo, placebo
from entrepot.flows.result import ROUTE_TYPES, Routes
from entrepot.flows.routes import Work, routes, worked
from entrepot.flows.survey import EVIDENCE_TYPES, SURVEY_TYPES, Survey, survey
from entrepot.flows.tidy import write_tidy
from entrepot.flows.watch import watch
from entrepot.flows.watched import WATCH_TYPES, Watch

__all__ = [
    "CONTROL_SETS",
    "EVIDENCE_TYPES",
    "PLACEBO_KINDS",
    "PLACEBO_TYPES",
    "ROUTE_TYPES",
    "SURVEY_TYPES",
    "WATCH_TYPES",
    "WEIGHT_TYPES",
    "Effect",
    "EffectOptions",
    "Method",
    "Mirror",
    "Placebo",
    "Routes",
    "RoutesOptions",
    "Survey",
    "Watch",
    "Work",
    "control_weights",
    "effect",
    "mirror",
    "placebo",
    "routes",
    "survey",
    "watch",
    "worked",
    "write_tidy",
]
