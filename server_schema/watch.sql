-- The watch at the door, by a superuser after every deploy: event triggers are the superuser's. PostgreSQL 17 and later.
-- Whoever is kept out by mistake: PGOPTIONS='-c event_triggers=off' as superuser, then «drop event trigger cms_watch_login».
do $$
begin
  if current_setting('server_version_num')::int >= 170000 and not exists (select from pg_event_trigger where evtname = 'cms_watch_login') then
    create event trigger cms_watch_login on login execute function sec.watch_login();
  end if;
end $$;
