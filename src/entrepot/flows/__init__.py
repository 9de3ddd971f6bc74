"""Trade estimates: tables of the lake in, a table out."""

from entrepot.flows.mirror import Mirror, mirror
from entrepot.flows.options import CONTROL_SETS, Method, RoutesOptions
from entrepot.flows.result import ROUTE_TYPES, Routes
from entrepot.flows.routes import routes
from entrepot.flows.watch import watch
from entrepot.flows.watched import WATCH_TYPES, Watch

__all__ = [
    "CONTROL_SETS",
    "ROUTE_TYPES",
    "WATCH_TYPES",
    "Method",
    "Mirror",
    "Routes",
    "RoutesOptions",
    "Watch",
    "mirror",
    "routes",
    "watch",
]
