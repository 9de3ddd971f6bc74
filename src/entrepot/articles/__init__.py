"""Articles: a text in, attributed claims out. Deterministic and offline; a claim is never called true or false."""

from entrepot.articles.export import (
    CLAIM_TYPES,
    FORMS,
    as_ftm,
    as_prov,
    as_schema_org,
    claim_rows,
    claims_table,
    write_claims,
)
from entrepot.articles.model import EXTRACTOR, Claim, Provenance, Reading, Speaker, Stated
from entrepot.articles.reading import read_article, read_articles, read_text
from entrepot.articles.topics import TOPICS

__all__ = [
    "CLAIM_TYPES",
    "EXTRACTOR",
    "FORMS",
    "TOPICS",
    "Claim",
    "Provenance",
    "Reading",
    "Speaker",
    "Stated",
    "as_ftm",
    "as_prov",
    "as_schema_org",
    "claim_rows",
    "claims_table",
    "read_article",
    "read_articles",
    "read_text",
    "write_claims",
]
