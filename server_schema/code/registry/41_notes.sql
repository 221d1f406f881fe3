-- role: cms_bookkeeper
-- Notes. Written only through these functions: who is told, who may be given a task and who never hears of a private one is decided here.

create or replace function registry.tell_of_note(
  wanted_company int, wanted_note bigint, recipients int[], notice_kind text, about text default null, due timestamptz default now()) returns int
language plpgsql set search_path = '' as $$
-- `about`: the words of the notice, else those of the note.
declare
  known registry.note;
begin
  select * into known from registry.note where company_id = wanted_company and note_id = wanted_note;
  return base.deliver(
    wanted_company, recipients, notice_kind,
    coalesce((select name from registry.party where company_id = wanted_company and party_id = known.party_id), ''),
    coalesce(nullif(btrim(about), ''), known.words), known.read_function, case when known.is_private then known.min_rank else 0 end,
    known.party_id, known.subject_table, known.subject_id, 'registry.note', wanted_note, coalesce(due, now()));
end $$;

create or replace function registry.check_executor(wanted_company int, needed_function text, least_rank int, executor int) returns void
language plpgsql stable set search_path = '' as $$
begin
  if not executor = any (registry.note_readers(wanted_company, needed_function, 0, 'registry.note')) then
    perform sec.refuse('CM072', 'executor_cannot');
  end if;
  if not executor = any (registry.note_readers(wanted_company, needed_function, least_rank, 'registry.note')) then
    perform sec.refuse('CM073', 'executor_rank');
  end if;
end $$;

create or replace function registry.plan_reminders(wanted_company int, wanted_note bigint) returns void
language plpgsql set search_path = '' as $$
-- The notices still to come: on the reminder date, and in the morning of the day a task is due. Earlier plans are dropped.
declare
  known registry.note;
begin
  select * into known from registry.note where company_id = wanted_company and note_id = wanted_note;
  perform base.settle_notices(wanted_company, array['registry.reminder', 'registry.task_due'], 'registry.note', wanted_note);
  if known.task_state = 'done' then
    return;
  end if;
  if known.remind_at is not null then
    perform registry.tell_of_note(wanted_company, wanted_note, array[coalesce(known.executor_id, known.created_by)], 'registry.reminder',
                                  due => known.remind_at);
  end if;
  if known.due_on > current_date then
    perform registry.tell_of_note(wanted_company, wanted_note, array[known.executor_id], 'registry.task_due',
                                  due => (known.due_on + time '08:00') at time zone 'Europe/Rome');
  end if;
end $$;

create or replace function registry.write_note(
  wanted_company int, about_table text, about_id bigint, new_words text, spoken_with text default '', contact_person bigint default null,
  happened date default null, private boolean default false, told text default 'rank', remind timestamptz default null,
  executor int default null, due date default null) returns bigint
language plpgsql security definer set search_path = '' as $$
-- `told`: 'rank' tells colleagues of the same or a higher rank (a User's note tells nobody by itself), 'everybody' all who may read it;
-- a private one never goes below the author's rank, whoever was to be told.
declare
  me      int := sec.person_id();
  my_rank int := sec.my_rank();
  subject record;
  made    bigint;
  readers int[];
begin
  perform sec.require(wanted_company, 'registry.note');
  perform sec.require(wanted_company, 'registry.read');
  subject := registry.check_subject(wanted_company, about_table, about_id);
  if coalesce(btrim(new_words), '') = '' or length(new_words) > 20000 then
    perform sec.refuse('CM077', 'note_without_words');
  end if;
  private := coalesce(private, false);
  if executor is not null then
    perform registry.check_executor(wanted_company, subject.needed_function, case when private then my_rank else 0 end, executor);
  end if;
  perform registry.check_contact(wanted_company, subject.party, contact_person);
  insert into registry.note (company_id, party_id, subject_table, subject_id, read_function, words, spoken_to, contact_person_id, happened_on,
                             is_private, min_rank, audience, remind_at, executor_id, assigned_by, assigned_at, due_on, task_state, created_by)
  values (wanted_company, subject.party, about_table, subject.record, subject.needed_function, btrim(new_words), btrim(coalesce(spoken_with, '')),
          contact_person, coalesce(happened, current_date), private, my_rank, coalesce(told, 'rank'), remind, executor,
          case when executor is not null then me end, case when executor is not null then now() end,
          case when executor is not null then due end,
          case when executor = me then 'taken' when executor is not null then 'open' end, me)
  returning note_id into made;
  if told = 'everybody' then
    readers := registry.note_readers(wanted_company, subject.needed_function, case when private then my_rank else 0 end);
  elsif my_rank > 0 then
    readers := registry.note_readers(wanted_company, subject.needed_function, my_rank);
  end if;
  perform registry.tell_of_note(wanted_company, made, array_remove(array_remove(readers, me), executor), 'registry.note');
  if executor <> me then
    perform registry.tell_of_note(wanted_company, made, array[executor], 'registry.task');
  end if;
  perform registry.plan_reminders(wanted_company, made);
  return made;
end $$;

create or replace function registry.check_contact(wanted_company int, party bigint, contact_person bigint) returns void
language plpgsql stable set search_path = '' as $$
begin
  if contact_person is not null and not exists (
       select from registry.contact_person as c
       where c.company_id = wanted_company and c.contact_person_id = contact_person and c.party_id is not distinct from party) then
    perform sec.refuse('CM078', 'contact_unknown');
  end if;
end $$;

create or replace function registry.change_note(
  wanted_company int, wanted_note bigint, known_version int, new_words text, spoken_with text default '', contact_person bigint default null,
  happened date default null, private boolean default false, remind timestamptz default null) returns int
language plpgsql security definer set search_path = '' as $$
-- By its author alone. What it said before stays in its events. Returns the new version.
declare
  known registry.note;
begin
  perform sec.require(wanted_company, 'registry.note');
  perform registry.require_note(wanted_company, wanted_note);
  select * into known from registry.note where company_id = wanted_company and note_id = wanted_note;
  if known.created_by is distinct from sec.person_id() then
    perform sec.refuse('CM074', 'note_not_yours');
  end if;
  if known.row_version is distinct from known_version then
    perform sec.refuse('CM002', 'conflict');
  end if;
  if coalesce(btrim(new_words), '') = '' or length(new_words) > 20000 then
    perform sec.refuse('CM077', 'note_without_words');
  end if;
  private := coalesce(private, false);
  if private and known.executor_id is not null then
    perform registry.check_executor(wanted_company, known.read_function, sec.my_rank(), known.executor_id);
  end if;
  perform registry.check_contact(wanted_company, known.party_id, contact_person);
  if btrim(new_words) <> known.words then
    insert into registry.note_event (company_id, note_id, kind, words, created_by)
    values (wanted_company, wanted_note, 'changed', known.words, sec.person_id());
  end if;
  update registry.note
  set words = btrim(new_words), spoken_to = btrim(coalesce(spoken_with, '')), contact_person_id = contact_person,
      happened_on = coalesce(happened, happened_on), is_private = private, min_rank = sec.my_rank(), remind_at = remind,
      changed_at = now(), changed_by = sec.person_id(), row_version = row_version + 1
  where company_id = wanted_company and note_id = wanted_note;
  perform registry.keep_private(wanted_company, wanted_note, btrim(new_words) <> known.words);
  if remind is distinct from known.remind_at then
    perform registry.plan_reminders(wanted_company, wanted_note);
  end if;
  return known.row_version + 1;
end $$;

create or replace function registry.keep_private(wanted_company int, wanted_note bigint, other_words boolean) returns void
language plpgsql set search_path = '' as $$
-- After a change: a note that became private leaves the notices of lower ranks and the costs; the other notices say what it says now.
declare
  known registry.note;
begin
  select * into known from registry.note where company_id = wanted_company and note_id = wanted_note;
  if known.is_private then
    delete from base.notice as n using base.person as p
    where n.company_id = wanted_company and n.source_table = 'registry.note' and n.source_id = wanted_note
      and p.person_id = n.person_id and sec.rank_level(p.rank) < known.min_rank;
    update registry.time_cost set note_id = null where company_id = wanted_company and note_id = wanted_note;
  end if;
  update base.notice
  set min_rank = case when known.is_private then known.min_rank else 0 end,
      body = case when other_words and kind in ('registry.note', 'registry.task', 'registry.task_due', 'registry.reminder')
                  then left(known.words, 500) else body end
  where company_id = wanted_company and source_table = 'registry.note' and source_id = wanted_note;
end $$;

create or replace function registry.remove_note(wanted_company int, wanted_note bigint) returns void
language plpgsql security definer set search_path = '' as $$
-- By its author, or by somebody of the highest rank; with its events, notices and attachments. Time that was spent stays a cost.
declare
  known registry.note;
begin
  perform sec.require(wanted_company, 'registry.note');
  perform registry.require_note(wanted_company, wanted_note);
  select * into known from registry.note where company_id = wanted_company and note_id = wanted_note;
  if known.created_by is distinct from sec.person_id() and sec.my_rank() < 3 then
    perform sec.refuse('CM074', 'note_not_yours');
  end if;
  update registry.time_cost set note_id = null where company_id = wanted_company and note_id = wanted_note;
  delete from base.notice where company_id = wanted_company and source_table = 'registry.note' and source_id = wanted_note;
  delete from registry.note_event where company_id = wanted_company and note_id = wanted_note;
  delete from registry.attachment where company_id = wanted_company and subject_table = 'registry.note' and subject_id = wanted_note;
  delete from registry.note where company_id = wanted_company and note_id = wanted_note;
  perform registry.sweep_contents(wanted_company);
end $$;
grant execute on function
  registry.write_note(int, text, bigint, text, text, bigint, date, boolean, text, timestamptz, int, date),
  registry.change_note(int, bigint, int, text, text, bigint, date, boolean, timestamptz),
  registry.remove_note(int, bigint) to cms_people;
