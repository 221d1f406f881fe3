"""Questions of Registry. SELECT only."""

from .classes import list_classes, sum_dashboard
from .contacts import (
    count_extraction,
    extracted,
    find_contact,
    list_contacts,
    list_contacts_of,
    list_refusals,
    list_requests,
    may_contact,
    preview_contact_erasure,
    preview_erasure,
    reach,
    sum_contacts,
)
from .merges import list_merges, list_twin_pairs, preview_merge, sum_merges, sum_twin_pairs
from .parties import count_sections, find_records, find_twins, list_parties, list_twins, load_party, sum_parties
from .places import find_places, find_towns, postal_codes_of_town, towns_of_postal_code
from .search import contains_words, find_parties, nearest_with_words

__all__ = [
    "contains_words", "count_extraction", "count_sections", "extracted", "find_contact", "find_parties", "find_places", "find_records", "find_towns", "find_twins",
    "list_classes", "list_contacts", "list_contacts_of", "list_merges", "list_parties", "list_refusals", "list_requests", "list_twin_pairs",
    "list_twins", "load_party", "may_contact", "nearest_with_words", "postal_codes_of_town", "preview_contact_erasure", "preview_erasure", "preview_merge", "reach", "sum_contacts",
    "sum_dashboard", "sum_merges", "sum_parties", "sum_twin_pairs", "towns_of_postal_code",
]  # fmt: skip
