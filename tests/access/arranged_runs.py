"""Rows of runs in full: a template, items charged by use (one in a preview, one open), made by a clerk as the program makes them."""

from __future__ import annotations

from typing import Any

from tests.house import House

FRESH_RUNS: dict[str, dict[str, Any]] = {  # what makes a copy of a row another row
    "billing.run_template": {"name": "Altro modello"},
    "billing.chargeable_item": {"source_id": "altro", "invoice_id": None, "charged_quantity": None},
}


def arrange_runs(house: House) -> None:
    """A template, and a line by passages with two items, of which a preview takes the first."""
    with house.person("marta.bellini") as marta:
        for statement in (
            "insert into billing.run_template (company_id, name, title, document_series_id) select 1, 'Canoni', 'Canoni {mese}', document_series_id "
            "from base.document_series where company_id = 1 and code = 'V'",
            "insert into customers.service (company_id, contract_id, description, kind, monthly_price, unit_price, vat_code_id, frequency_months, "
            "starts_on) select s.company_id, s.contract_id, 'Passaggi', 'passages', 0, 3, s.vat_code_id, 1, '2024-01-01' from customers.service as s "
            "where s.company_id = 1 order by s.service_id limit 1",
            "select billing.record_items(1, jsonb_build_array("
            "jsonb_build_object('source', 'prova', 'source_id', '1', 'kind', 'passage', 'on_date', '2025-03-05', 'service_id', max(service_id)), "
            "jsonb_build_object('source', 'prova', 'source_id', '2', 'kind', 'passage', 'on_date', '2031-03-05', 'service_id', max(service_id)))) "
            "from customers.service where company_id = 1 and kind = 'passages'",
            "select billing.prepare_run(1, 'Passaggi', '2025-03-01', '2025-03-31', '2025-03-31', document_series_id, 'site', '{\"kinds\": [\"passages\"]}') "
            "from base.document_series where company_id = 1 and code = 'V'",
        ):
            marta.execute(statement)
