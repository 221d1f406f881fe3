-- A lighter index of the past of a record: numbers before texts, and no summaries. A change of 100,000 rows writes it 100,000 times.
drop index base.audit_of_record;
create index audit_of_record on base.audit_entry (company_id, record_id, audit_id) where record_id is not null;
