-- role: cms_owner
grant execute on function sec.record_key(regclass) to cms_bookkeeper;
