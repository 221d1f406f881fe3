"""Who came in and who was refused in the last weeks, so that the lists of the door have something to show."""

from __future__ import annotations

import datetime
from typing import Any

import psycopg

DAYS = 45
FILLED = ("base.session", "base.login_refusal")

_SESSIONS = """
insert into base.session (person_id, opened_at, backend_pid, host, address, client_version, last_seen_at, company_id, ended_at, end_reason)
select p.person_id, opened.at, 0, 'PC-' || upper(split_part(p.login, '.', 1)), ('192.168.10.' || 20 + p.person_id)::inet, '0.1.0',
  opened.at + interval '8 hours', place.company_id, opened.at + interval '8 hours 20 minutes', 'left'
from base.person as p
join (select person_id, min(company_id) as company_id from base.permission group by person_id) as place using (person_id)
cross join generate_series(%(today)s::date - %(days)s, %(today)s::date - 1, interval '1 day') as day
cross join lateral (select mod(abs(hashtext(p.login || day::date)), 97) as chance) as dice
cross join lateral (select day + interval '7 hours 40 minutes' + dice.chance * interval '1 minute' as at) as opened
where extract(isodow from day) < 6 and dice.chance > 8
order by opened.at, p.person_id
"""
_REFUSALS = """
insert into base.login_refusal (person_id, minute, at, address, reason, application, attempts, is_spent)
select s.person_id, date_trunc('minute', s.opened_at - interval '1 minute'), s.opened_at - interval '1 minute', host(s.address), 'wrong_password', '',
  1 + mod(s.session_id, 3), true
from base.session as s where mod(s.session_id, 11) = 0
union all
select null, date_trunc('minute', at), at, '203.0.113.' || 9 + mod(extract(day from at)::int, 3), 'wrong_password', '', 12, false
from generate_series(%(today)s::timestamptz - interval '9 days 3 hours', %(today)s::timestamptz - interval '9 days 2 hours', interval '6 minutes') as at
"""


def add_logins(connection: psycopg.Connection[Any], today: datetime.date) -> None:
    """Sessions and refusals before `today`. Leaves the role cms_bookkeeper, which it found."""
    facts = {"today": today, "days": DAYS}
    connection.execute(_SESSIONS, facts)
    connection.execute("set local role cms_gatekeeper")
    connection.execute(_REFUSALS, facts)
    connection.execute("set local role cms_bookkeeper")
