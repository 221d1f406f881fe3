-- role: cms_bookkeeper
-- What falls due is asked by people too (dashboard, list "Da fatturare"); the function runs as the caller, so policies hold.
grant execute on function billing.due_services(int, date, date), billing.due_periods(int, date, date) to cms_people;
