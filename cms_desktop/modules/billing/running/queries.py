"""What parameters of a run can be chosen from, templates, and what earlier runs skipped."""

from __future__ import annotations

from itertools import groupby

import sqlalchemy as sa

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.billing.queries.comparison import joined_by_set
from cms_desktop.modules.billing.running.records import ClassField, RunOptions, RunTemplate, Skipped

SKIPPED_MONTHS = 12  # how far back skipped periods are looked for
_TEMPLATES = """
  select t.run_template_id, t.name, t.title, t.months, t.document_day, t.document_series_id, t.grouping, t.parameters, t.is_active, t.row_version,
         (select max(r.period_end) from billing.billing_run as r where r.company_id = :company and r.run_template_id = t.run_template_id
          and r.state in ('preview', 'issued') and r.retried_run_id is null) as last_period_end
  from billing.run_template as t where t.company_id = :company"""


def list_templates(unit: UnitOfWork) -> list[RunTemplate]:
    """Templates in use first, by name."""
    return [RunTemplate(*row) for row in unit.rows(sa.text(_TEMPLATES + " order by not t.is_active, lower(t.name), t.run_template_id"))]


def find_template(unit: UnitOfWork, name: str) -> RunTemplate | None:
    """A template by its name, capitals or not."""
    rows = unit.rows(sa.text(_TEMPLATES + " and t.is_active and lower(btrim(t.name)) = lower(btrim(:name))"), {"name": name})
    return RunTemplate(*rows[0]) if rows else None


def find_options(unit: UnitOfWork) -> RunOptions:
    """Types of service, fields of classification with values, templates."""
    types = unit.rows(
        sa.text(
            "select service_type_id, description from customers.service_type where company_id = :company and is_active order by description"
        )
    )
    values = unit.rows(
        sa.text(
            "select c.position, c.name, v.classification_value_id, v.name as value from registry.classification as c "
            "join registry.classification_value as v on v.company_id = c.company_id and v.position = c.position "
            "where c.company_id = :company and c.is_active and v.is_active order by c.position, v.sort_order, v.name"
        )
    )
    fields = [
        ClassField(position, name, [(row.classification_value_id, row.value) for row in rows])
        for (position, name), rows in groupby(values, lambda row: (row.position, row.name))
    ]
    return RunOptions([tuple(row) for row in types], fields, [one for one in list_templates(unit) if one.is_active])


def sum_skipped(unit: UnitOfWork, run_id: int) -> Skipped:
    """Periods that fell due in the year before a run and were billed nowhere, of what the run takes."""
    text = """
      select count(*) as many, coalesce(sum(d.line_amount), 0) as amount
      from billing.billing_run as r
      cross join lateral billing.due_services(:company, (r.period_start - make_interval(months => :months))::date, r.period_start - 1) as d
      join registry.party as p on p.company_id = :company and p.party_id = d.customer_id
      where r.company_id = :company and r.billing_run_id = :run and r.retried_run_id is null
        and (not r.parameters ? 'service_types' or r.parameters -> 'service_types' @> to_jsonb(d.service_type_id))
        and (not r.parameters ? 'kinds' or r.parameters -> 'kinds' ? d.kind)
        and case r.parameters ->> 'one_off' when 'only' then d.kind = 'one_off' when 'without' then d.kind <> 'one_off' else true end
        and (not r.parameters ? 'party_kinds' or r.parameters -> 'party_kinds' ? p.kind)
        and (not r.parameters ? 'classes' or (
          select bool_and(coalesce(c.ids @> to_jsonb((array[p.class_1, p.class_2, p.class_3, p.class_4, p.class_5, p.class_6, p.class_7])[c.position::int]),
                                   false)) from jsonb_each(r.parameters -> 'classes') as c(position, ids)))"""
    with joined_by_set(unit):
        row = unit.rows(sa.text(text), {"run": run_id, "months": SKIPPED_MONTHS})[0]
    return Skipped(row.many, row.amount)
