-- role: cms_bookkeeper
-- Attachments: contents come in chunks and are kept once per company. Whoever wants to attach a content must send all of it: knowing its
-- hash gives nothing. Reading asks for the attachment, never for the content, and follows the rights of the record it hangs on.

create or replace function registry.attachment_limit(wanted_company int) returns bigint
language plpgsql stable security definer set search_path = '' as $$
-- Bytes of one attachment at the most (parameter attachments_most_megabytes, before it was in the catalogue attachments.most_megabytes, else 100).
begin
  perform sec.require(wanted_company, 'registry.read');
  return 1048576 * coalesce((
    select (value #>> '{}')::bigint from base.parameter
    where company_id = wanted_company and key in ('attachments_most_megabytes', 'attachments.most_megabytes') and valid_from <= current_date
      and value #>> '{}' ~ '^[1-9][0-9]{0,3}$'
    order by valid_from desc limit 1), 100);
end $$;

create or replace function registry.refuse_size(wanted_company int, byte_count bigint) returns void
language plpgsql stable set search_path = '' as $$
declare
  most bigint := registry.attachment_limit(wanted_company);
begin
  if byte_count > most then
    perform sec.refuse('CM080', 'attachment_too_large', jsonb_build_object(
      'size', replace(to_char(ceil(byte_count / 104857.6) / 10, 'FM999990.0'), '.', ','), 'most', most / 1048576));
  end if;
end $$;

create or replace function registry.begin_upload(wanted_company int, byte_count bigint) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  made bigint;
begin
  perform sec.require(wanted_company, 'registry.attach');
  perform sec.require(wanted_company, 'registry.read');
  perform registry.refuse_size(wanted_company, coalesce(byte_count, 0));
  perform registry.sweep_contents(wanted_company);
  insert into registry.content (company_id, created_by) values (wanted_company, sec.person_id()) returning content_id into made;
  return made;
end $$;

create or replace function registry.add_chunk(wanted_company int, upload bigint, place int, part bytea) returns void
language plpgsql security definer set search_path = '' as $$
-- Chunks of 262,144 bytes in order; only the last may be shorter.
declare
  arriving registry.content;
begin
  perform sec.require(wanted_company, 'registry.attach');
  select * into arriving from registry.content
  where company_id = wanted_company and content_id = upload and created_by = sec.person_id() and state = 'arriving' for update;
  if arriving.content_id is null then
    perform sec.refuse('CM081', 'upload_unknown');
  end if;
  if place is distinct from arriving.chunk_count or arriving.byte_count <> arriving.chunk_count::bigint * 262144
     or coalesce(octet_length(part), 0) not between 1 and 262144 then
    perform sec.refuse('CM082', 'upload_broken');
  end if;
  perform registry.refuse_size(wanted_company, arriving.byte_count + octet_length(part));
  insert into registry.content_chunk (company_id, content_id, position, bytes) values (wanted_company, upload, place, part);
  update registry.content set chunk_count = chunk_count + 1, byte_count = registry.content.byte_count + octet_length(part)
  where company_id = wanted_company and content_id = upload;
end $$;

create or replace function registry.settle_content(wanted_company int, upload bigint) returns bigint
language plpgsql set search_path = '' as $$
-- The content that an upload came to: itself, or the same one that the company holds already. Locked against removal.
declare
  whole  bytea;
  kept   bigint;
  double bigint;
begin
  select sha256(coalesce(string_agg(digest, '' order by position), '')) into whole
  from registry.content_chunk where company_id = wanted_company and content_id = upload;
  loop
    select content_id into kept from registry.content
    where company_id = wanted_company and digest = whole and state = 'complete' for key share;
    begin
      update registry.content set digest = whole, state = case when kept is null then 'complete' else 'double' end
      where company_id = wanted_company and content_id = upload and created_by = sec.person_id() and state = 'arriving'
      returning content_id into double;
      if double is null then
        perform sec.refuse('CM081', 'upload_unknown');
      end if;
      return coalesce(kept, upload);
    exception when unique_violation then
      null;  -- the same content was completed by somebody else in this moment: look again
    end;
  end loop;
end $$;

create or replace function registry.attach(
  wanted_company int, upload bigint, about_table text, about_id bigint, file_name text, file_type text default '', about text default '')
returns bigint language plpgsql security definer set search_path = '' as $$
-- The first version of a document on a record.
declare
  subject record;
  settled bigint;
  made    bigint;
begin
  perform sec.require(wanted_company, 'registry.attach');
  perform sec.require(wanted_company, 'registry.read');
  subject := registry.check_subject(wanted_company, about_table, about_id);
  settled := registry.settle_content(wanted_company, upload);  -- a statement of its own: it may have waited for somebody else's content
  insert into registry.attachment (company_id, document_id, version, party_id, subject_table, subject_id, read_function, name, media_type,
                                   description, byte_count, content_id, created_by)
  select wanted_company, 0, 1, subject.party, about_table, subject.record, subject.needed_function, btrim(file_name),
         coalesce(nullif(btrim(file_type), ''), 'application/octet-stream'), btrim(coalesce(about, '')), c.byte_count, c.content_id, sec.person_id()
  from registry.content as c where c.company_id = wanted_company and c.content_id = settled
  returning attachment_id into made;
  update registry.attachment set document_id = made where company_id = wanted_company and attachment_id = made;
  return made;
end $$;

create or replace function registry.require_attachment(wanted_company int, wanted_attachment bigint) returns void
language plpgsql stable set search_path = '' as $$
-- One that is not there, was removed or may not be seen is refused alike. The same words as the policy; a test holds them together.
begin
  if wanted_attachment is null or not exists (
       select from registry.attachment as a
       where a.company_id = wanted_company and a.attachment_id = wanted_attachment and a.removed_at is null
         and a.company_id = any (sec.companies('registry.read')) and a.company_id = any (sec.companies(a.read_function))
         and (a.subject_table <> 'registry.note' or registry.may_see_note(wanted_company, a.subject_id))) then
    perform sec.refuse('CM083', 'attachment_unknown');
  end if;
end $$;

create or replace function registry.attach_version(
  wanted_company int, upload bigint, of_attachment bigint, file_name text, file_type text default '') returns bigint
language plpgsql security definer set search_path = '' as $$
-- A new version of the document that `of_attachment` is a version of; the old ones stay.
declare
  newest  registry.attachment;
  settled bigint;
  made    bigint;
begin
  perform sec.require(wanted_company, 'registry.attach');
  perform registry.require_attachment(wanted_company, of_attachment);
  select a.* into newest from registry.attachment as a
  where a.company_id = wanted_company and a.document_id = (
    select document_id from registry.attachment where company_id = wanted_company and attachment_id = of_attachment)
  order by a.version desc limit 1 for update;
  settled := registry.settle_content(wanted_company, upload);
  insert into registry.attachment (company_id, document_id, version, party_id, subject_table, subject_id, read_function, name, media_type,
                                   description, byte_count, content_id, created_by)
  select wanted_company, newest.document_id,
         1 + (select max(version) from registry.attachment where company_id = wanted_company and document_id = newest.document_id),
         newest.party_id, newest.subject_table, newest.subject_id, newest.read_function, btrim(file_name),
         coalesce(nullif(btrim(file_type), ''), 'application/octet-stream'), newest.description, c.byte_count, c.content_id, sec.person_id()
  from registry.content as c where c.company_id = wanted_company and c.content_id = settled
  returning attachment_id into made;
  return made;
end $$;

create or replace function registry.open_attachment(
  wanted_company int, wanted_attachment bigint, out byte_count bigint, out chunk_count int, out digest bytea)
language plpgsql stable security definer set search_path = '' as $$
-- What to expect while reading; the digest is of a content the reader gets anyway.
begin
  perform sec.require(wanted_company, 'registry.read');
  perform registry.require_attachment(wanted_company, wanted_attachment);
  select c.byte_count, c.chunk_count, c.digest into byte_count, chunk_count, digest
  from registry.attachment as a join registry.content as c using (company_id, content_id)
  where a.company_id = wanted_company and a.attachment_id = wanted_attachment;
end $$;

create or replace function registry.read_chunks(wanted_company int, wanted_attachment bigint, first_place int, how_many int)
returns table (place int, part bytea) language plpgsql stable security definer set search_path = '' as $$
-- At most 16 chunks (4 MB) at a time: neither side holds the whole.
begin
  perform sec.require(wanted_company, 'registry.read');
  perform registry.require_attachment(wanted_company, wanted_attachment);
  return query
    select k.position, k.bytes from registry.content_chunk as k
    where k.company_id = wanted_company and k.position >= first_place and k.position < first_place::bigint + least(how_many, 16)
      and k.content_id = (select a.content_id from registry.attachment as a
                          where a.company_id = wanted_company and a.attachment_id = wanted_attachment)
    order by k.position;
end $$;

create or replace function registry.describe_attachment(wanted_company int, wanted_attachment bigint, file_name text, about text) returns void
language plpgsql security definer set search_path = '' as $$
-- Another name or description of one version.
begin
  perform sec.require(wanted_company, 'registry.attach');
  perform registry.require_attachment(wanted_company, wanted_attachment);
  update registry.attachment set name = btrim(file_name), description = btrim(coalesce(about, ''))
  where company_id = wanted_company and attachment_id = wanted_attachment;
end $$;

create or replace function registry.remove_attachment(wanted_company int, wanted_attachment bigint) returns void
language plpgsql security definer set search_path = '' as $$
-- That version: who removed it and when stays, the content goes with its last attachment. By who attached it, or from rank Resp up.
begin
  perform sec.require(wanted_company, 'registry.attach');
  perform registry.require_attachment(wanted_company, wanted_attachment);
  if sec.my_rank() < 1 and not exists (
       select from registry.attachment
       where company_id = wanted_company and attachment_id = wanted_attachment and created_by = sec.person_id()) then
    perform sec.refuse('CM084', 'attachment_not_yours');
  end if;
  update registry.attachment set removed_at = now(), removed_by = sec.person_id(), content_id = null
  where company_id = wanted_company and attachment_id = wanted_attachment;
  perform registry.sweep_contents(wanted_company);
end $$;

create or replace function registry.sweep_contents(wanted_company int, most int default 50) returns int
language plpgsql set search_path = '' as $$
-- Contents that no attachment holds, and uploads given up a day ago. Locked first, looked at again then: whoever is attaching one of them
-- either holds it already or finds it gone.
declare
  loose bigint[];
  swept int;
begin
  select array_agg(content_id) into loose from (
    select c.content_id from registry.content as c
    where c.company_id = wanted_company
      and (c.state <> 'arriving' or c.created_at < now() - interval '1 day')
      and not exists (select from registry.attachment as a where a.company_id = c.company_id and a.content_id = c.content_id)
    order by c.content_id limit most for update skip locked) as found;
  delete from registry.content as c
  where c.company_id = wanted_company and c.content_id = any (loose)
    and not exists (select from registry.attachment as a where a.company_id = c.company_id and a.content_id = c.content_id);
  get diagnostics swept = row_count;
  return swept;
end $$;

grant execute on function
  registry.attachment_limit(int), registry.begin_upload(int, bigint), registry.add_chunk(int, bigint, int, bytea),
  registry.attach(int, bigint, text, bigint, text, text, text), registry.attach_version(int, bigint, bigint, text, text),
  registry.open_attachment(int, bigint), registry.read_chunks(int, bigint, int, int),
  registry.describe_attachment(int, bigint, text, text), registry.remove_attachment(int, bigint) to cms_people;
