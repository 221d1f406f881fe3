"""Functions of the loading session that make formally valid codes, so that a million customers need no round trip each.

`pick` is the only source of chance: a hash of row number, purpose and seed.
"""

from __future__ import annotations

from typing import LiteralString

FUNCTIONS: LiteralString = """
create function pg_temp.pick(place bigint, purpose int, seed bigint, many bigint) returns int language sql immutable strict as
  'select ((pg_catalog.hashint8extended($1 * 1000 + $2, $3) & 9223372036854775807) % $4)::int';

create function pg_temp.one_of(words text[], place bigint, purpose int, seed bigint) returns text language sql immutable strict as
  'select $1[1 + ((pg_catalog.hashint8extended($2 * 1000 + $3, $4) & 9223372036854775807) % pg_catalog.cardinality($1))::int]';

-- the check digit that follows ten digits (Luhn): partita IVA and numeric codice fiscale
create function pg_temp.with_check_digit(digits text) returns text language sql immutable strict as $$
  select digits || (10 - (select sum(case when i % 2 = 1 then d else case when d > 4 then 2 * d - 9 else 2 * d end end)
                          from (select i, substr(digits, i, 1)::int as d from generate_series(1, 10) as i) as t) % 10) % 10
$$;

-- the letter of codice fiscale (of 15 characters) and CIN (of 22): weights of DM 23/12/1976
create function pg_temp.check_letter(code text) returns text language sql immutable strict as $$
  select chr(65 + (sum(case
      when i % 2 = 1 then ('{1,0,5,7,9,13,15,17,19,21,1,0,5,7,9,13,15,17,19,21,2,4,18,20,11,3,6,8,12,14,16,10,22,25,24,23}'::int[])[v + 1]
      when v < 10 then v else v - 10 end) % 26)::int)
  from (select i, strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', substr(code, i, 1)) - 1 as v
        from generate_series(1, length(code)) as i) as t
$$;

create function pg_temp.italian_iban(bank_account text) returns text language sql immutable strict as $$
  select 'IT' || lpad((98 - ((ascii(letter) - 55)::text || bank_account || '182900')::numeric % 97)::text, 2, '0') || letter || bank_account
  from (select pg_temp.check_letter(bank_account) as letter) as t
$$;
"""
