"""Code lists: territories and blocs, goods codes and their revisions, units, currencies, periods, lists, identifiers.

Facts live in small CSV files beside the code and are read when first asked for. Nothing here touches the
lake.
"""

from __future__ import annotations

from entrepot.codes.blocs import Membership, bloc_ids, members, memberships, origin_set
from entrepot.codes.dates import Dated, day_text, parse_dated, parse_day
from entrepot.codes.goods import goods_name
from entrepot.codes.hs import (
    HS_REVISIONS,
    clean_code,
    cn_revision,
    find_hs_code,
    find_revision,
    hs_revision_in_force,
)
from entrepot.codes.identifiers import (
    Identifier,
    find_identifiers,
    identifier_kinds,
    normal_number,
    read_identifier,
)
from entrepot.codes.lists import (
    ProductItem,
    ProductList,
    product_list,
    product_list_ids,
    product_list_versions,
    read_product_list,
)
from entrepot.codes.mrz import Mrz, read_mrz
from entrepot.codes.periods import month_index, month_text, parse_period
from entrepot.codes.stable import StableProducts, stable_products
from entrepot.codes.territories import Territory, find_iso2, find_territory, get_territory, territories
from entrepot.codes.units import currencies, find_currency, find_unit

__all__ = [
    "HS_REVISIONS",
    "Dated",
    "Identifier",
    "Membership",
    "Mrz",
    "ProductItem",
    "ProductList",
    "StableProducts",
    "Territory",
    "bloc_ids",
    "clean_code",
    "cn_revision",
    "currencies",
    "day_text",
    "find_currency",
    "find_hs_code",
    "find_identifiers",
    "find_iso2",
    "find_revision",
    "find_territory",
    "find_unit",
    "get_territory",
    "goods_name",
    "hs_revision_in_force",
    "identifier_kinds",
    "members",
    "memberships",
    "month_index",
    "month_text",
    "normal_number",
    "origin_set",
    "parse_dated",
    "parse_day",
    "parse_period",
    "product_list",
    "product_list_ids",
    "product_list_versions",
    "read_identifier",
    "read_mrz",
    "read_product_list",
    "stable_products",
    "territories",
]
