"""What base shows: persons and rights, company and fiscal tables, the register of changes, the dashboard. SELECT only."""

from .audit import changes_of, changes_on, list_audit, sum_audit
from .calendars import find_calendar, find_home_town, find_towns, list_calendar_days, list_towns
from .figures import find_figures, opened_between, persons_expiring, persons_in_state, persons_never_in, persons_online
from .history import find_history, find_record_name, record_names, references_of
from .integrity import find_integrity_report, list_check_runs, list_checks
from .letters import find_company_values, find_image, find_letter_place, find_letter_text, find_letterhead
from .parameters import list_parameter_histories, rate_on, value_on
from .persons import (
    explain,
    find_matrix,
    find_person,
    list_admissible,
    list_persons,
    list_places,
    list_sessions,
    my_functions,
    sum_persons,
    sum_sessions,
)
from .settings import (
    find_company,
    find_parameter,
    list_bank_accounts,
    list_document_series,
    list_letter_texts,
    list_parameters,
    list_payment_terms,
    list_vat_codes,
)

__all__ = [
    "changes_of",
    "changes_on",
    "explain",
    "find_calendar",
    "find_company",
    "find_company_values",
    "find_figures",
    "find_history",
    "find_home_town",
    "find_image",
    "find_integrity_report",
    "find_letter_place",
    "find_letter_text",
    "find_letterhead",
    "find_matrix",
    "find_parameter",
    "find_person",
    "find_record_name",
    "find_towns",
    "list_admissible",
    "list_audit",
    "list_bank_accounts",
    "list_calendar_days",
    "list_check_runs",
    "list_checks",
    "list_document_series",
    "list_letter_texts",
    "list_parameter_histories",
    "list_parameters",
    "list_payment_terms",
    "list_persons",
    "list_places",
    "list_sessions",
    "list_towns",
    "list_vat_codes",
    "my_functions",
    "opened_between",
    "persons_expiring",
    "persons_in_state",
    "persons_never_in",
    "persons_online",
    "rate_on",
    "record_names",
    "references_of",
    "sum_audit",
    "sum_persons",
    "sum_sessions",
    "value_on",
]
