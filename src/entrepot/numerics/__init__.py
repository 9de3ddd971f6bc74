"""Numerics: standard functions of statistics over NumPy arrays, each with its source and the error it keeps to.

Nothing here knows of trade, parties or dates. The tests hold every function against SciPy, which the package itself
does not need (docs/decisions/0007-no-scipy-in-the-core.md).
"""

from entrepot.numerics.beta import beta_cdf, beta_quantile
from entrepot.numerics.components import components
from entrepot.numerics.gamma import digamma, log_beta, tetragamma, trigamma
from entrepot.numerics.least_squares import nonnegative_least_squares
from entrepot.numerics.normal import normal_cdf, normal_quantile
from entrepot.numerics.ranks import row_ranks
from entrepot.numerics.student import student_cdf, student_quantile

__all__ = [
    "beta_cdf",
    "beta_quantile",
    "components",
    "digamma",
    "log_beta",
    "nonnegative_least_squares",
    "normal_cdf",
    "normal_quantile",
    "row_ranks",
    "student_cdf",
    "student_quantile",
    "tetragamma",
    "trigamma",
]
