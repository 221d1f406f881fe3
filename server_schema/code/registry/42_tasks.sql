-- role: cms_bookkeeper
-- A note with an executor is a task: assigned, taken, handed on, done, reopened. What was spent on it is a cost of the party.

create or replace function registry.work_on_task(wanted_company int, wanted_note bigint, wanted_states text[], may_be_assigner boolean)
returns void language plpgsql set search_path = '' as $$
-- First lines of every step: the right, the note, who may, from which state.
declare
  known registry.note;
begin
  perform sec.require(wanted_company, 'registry.note');
  perform registry.require_note(wanted_company, wanted_note);
  select * into known from registry.note where company_id = wanted_company and note_id = wanted_note;
  if known.executor_id is null or not known.task_state = any (wanted_states) then
    perform sec.refuse('CM076', 'task_state', jsonb_build_object('state', coalesce(known.task_state, '')));
  end if;
  if known.executor_id <> sec.person_id()
     and not (may_be_assigner and (sec.person_id() in (known.assigned_by, known.created_by) or sec.my_rank() = 3)) then
    perform sec.refuse('CM075', 'task_not_yours');
  end if;
end $$;

create or replace function registry.write_event(wanted_company int, wanted_note bigint, event_kind text, event_words text default '',
                                                to_person int default null, spent int default 0) returns void
language sql set search_path = '' as $$
  insert into registry.note_event (company_id, note_id, kind, words, to_person_id, minutes, created_by)
  values (wanted_company, wanted_note, event_kind, left(btrim(coalesce(event_words, '')), 20000), to_person, coalesce(spent, 0), sec.person_id())
$$;

create or replace function registry.assign_task(wanted_company int, wanted_note bigint, executor int, due date default null, reason text default '')
returns void language plpgsql security definer set search_path = '' as $$
-- Makes a note a task, or hands the task on. The first assigner stays the one who is told when it is done.
declare
  known registry.note;
  me   int := sec.person_id();
begin
  perform sec.require(wanted_company, 'registry.note');
  perform registry.require_note(wanted_company, wanted_note);
  select * into known from registry.note where company_id = wanted_company and note_id = wanted_note;
  if known.executor_id is not null then
    perform registry.work_on_task(wanted_company, wanted_note, array['open', 'taken'], true);
  end if;
  perform registry.check_executor(wanted_company, known.read_function, case when known.is_private then known.min_rank else 0 end, executor);
  update registry.note
  set executor_id = executor, assigned_by = coalesce(known.assigned_by, me), assigned_at = now(), due_on = coalesce(due, known.due_on),
      task_state = case when executor = me then 'taken' else 'open' end, changed_at = now(), changed_by = me, row_version = row_version + 1
  where company_id = wanted_company and note_id = wanted_note;
  perform registry.write_event(wanted_company, wanted_note, case when known.executor_id is null then 'assigned' else 'handed_on' end, reason, executor);
  perform base.settle_notices(wanted_company, array['registry.task'], 'registry.note', wanted_note);
  if executor <> me then
    perform registry.tell_of_note(wanted_company, wanted_note, array[executor], 'registry.task');
  end if;
  if known.assigned_by not in (me, executor) then
    perform registry.tell_of_note(wanted_company, wanted_note, array[known.assigned_by], 'registry.task_moved', reason);
  end if;
  perform registry.plan_reminders(wanted_company, wanted_note);
end $$;

create or replace function registry.take_task(wanted_company int, wanted_note bigint) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform registry.work_on_task(wanted_company, wanted_note, array['open'], false);
  update registry.note set task_state = 'taken', changed_at = now(), changed_by = sec.person_id(), row_version = row_version + 1
  where company_id = wanted_company and note_id = wanted_note;
  perform registry.write_event(wanted_company, wanted_note, 'taken');
  perform base.settle_notices(wanted_company, array['registry.task'], 'registry.note', wanted_note, sec.person_id());
end $$;

create or replace function registry.cost_of_an_hour(wanted_company int, of_person int, on_day date) returns numeric
language sql stable set search_path = '' as $$
-- The person's own cost on that day, else everybody's, else nothing.
  select coalesce((
    select amount from registry.hourly_cost
    where company_id = wanted_company and (person_id = of_person or person_id is null) and valid_from <= on_day
    order by person_id is null, valid_from desc limit 1), 0)
$$;

create or replace function registry.spend_time(wanted_company int, wanted_note bigint, spent int) returns void
language plpgsql set search_path = '' as $$
declare
  known registry.note;
  cost numeric := registry.cost_of_an_hour(wanted_company, sec.person_id(), current_date);
begin
  select * into known from registry.note where company_id = wanted_company and note_id = wanted_note;
  insert into registry.time_cost (company_id, party_id, note_id, person_id, minutes, hourly_cost, amount, created_by)
  values (wanted_company, known.party_id, case when not known.is_private then wanted_note end, sec.person_id(), spent, cost,
          round(cost * spent / 60, 2), sec.person_id());
end $$;

create or replace function registry.complete_task(wanted_company int, wanted_note bigint, result text default '', spent int default 0) returns void
language plpgsql security definer set search_path = '' as $$
-- By its executor or its assigner. `spent`: minutes, a cost of the party at the hourly cost of who completes it.
declare
  assigner int;
begin
  perform registry.work_on_task(wanted_company, wanted_note, array['open', 'taken'], true);
  if coalesce(spent, 0) not between 0 and 60000 then
    perform sec.refuse('CM079', 'minutes_wrong');
  end if;
  update registry.note
  set task_state = 'done', done_at = now(), done_by = sec.person_id(), outcome = left(btrim(coalesce(result, '')), 20000),
      minutes = minutes + coalesce(spent, 0), changed_at = now(), changed_by = sec.person_id(), row_version = row_version + 1
  where company_id = wanted_company and note_id = wanted_note
  returning assigned_by into assigner;
  perform registry.write_event(wanted_company, wanted_note, 'done', result, null, spent);
  if spent > 0 then
    perform registry.spend_time(wanted_company, wanted_note, spent);
  end if;
  perform base.settle_notices(wanted_company, array['registry.task', 'registry.task_due', 'registry.reminder'], 'registry.note', wanted_note);
  perform registry.tell_of_note(wanted_company, wanted_note, array_remove(array[assigner], sec.person_id()), 'registry.task_done', result);
end $$;

create or replace function registry.reopen_task(wanted_company int, wanted_note bigint, reason text default '', withdraw_time boolean default false)
returns void language plpgsql security definer set search_path = '' as $$
-- By its executor or its assigner. The time marked when it was completed stays a cost unless it was wrong and is withdrawn.
declare
  known registry.note;
  taken registry.note_event;
begin
  perform registry.work_on_task(wanted_company, wanted_note, array['done'], true);
  select * into known from registry.note where company_id = wanted_company and note_id = wanted_note;
  select * into taken from registry.note_event
  where company_id = wanted_company and note_id = wanted_note and kind = 'done' order by note_event_id desc limit 1;
  if withdraw_time and taken.minutes > 0 then
    insert into registry.time_cost (company_id, party_id, note_id, person_id, minutes, hourly_cost, amount, created_by)
    select wanted_company, known.party_id, case when not known.is_private then wanted_note end, taken.created_by, - taken.minutes, cost,
           - round(cost * taken.minutes / 60, 2), sec.person_id()
    from registry.cost_of_an_hour(wanted_company, taken.created_by, (taken.at at time zone 'Europe/Rome')::date) as cost;
  end if;
  update registry.note
  set task_state = 'open', done_at = null, done_by = null, changed_at = now(), changed_by = sec.person_id(), row_version = row_version + 1,
      minutes = minutes - case when withdraw_time then coalesce(taken.minutes, 0) else 0 end
  where company_id = wanted_company and note_id = wanted_note;
  perform registry.write_event(wanted_company, wanted_note, 'reopened', reason, null, case when withdraw_time then - taken.minutes else 0 end);
  perform base.settle_notices(wanted_company, array['registry.task_done'], 'registry.note', wanted_note);
  perform registry.tell_of_note(wanted_company, wanted_note, array_remove(array[known.executor_id], sec.person_id()), 'registry.task', reason);
  perform registry.plan_reminders(wanted_company, wanted_note);
end $$;
grant execute on function registry.assign_task(int, bigint, int, date, text), registry.take_task(int, bigint),
  registry.complete_task(int, bigint, text, int), registry.reopen_task(int, bigint, text, boolean) to cms_people;
