"""Lists: which version of a product list a question asks about."""

from __future__ import annotations

from entrepot.codes import ProductList, product_list, product_list_ids, product_list_versions
from entrepot.flows.options import RoutesOptions


def named_list(options: RoutesOptions) -> ProductList | None:
    """Return the list that the products option names, in its version as of the month asked; None where it names none.

    Before the list existed its oldest version is read: the goods asked about are the question, not evidence.
    """
    name = options.products.lower()
    if name not in product_list_ids():
        return None
    return product_list(name, on=max(_day(options), product_list_versions(name)[0]))


def is_list_of_later(options: RoutesOptions) -> bool:
    """Return whether the question names a list that did not exist yet in the month it is asked as of."""
    found = named_list(options)
    return found is not None and found.version > _day(options)


def _day(options: RoutesOptions) -> str:
    """A day that no later day of the month asked as of exceeds."""
    return f"{options.as_of}-31" if options.as_of else "9999-12-31"
