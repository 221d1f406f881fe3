-- Requests under privacy law of one person of the rubrica: the register says whose data was handed over or erased.
-- needs: registry
alter table registry.privacy_request add column contact_person_id bigint;
alter table registry.privacy_request add foreign key (company_id, contact_person_id) references registry.contact_person;
create index privacy_request_of_contact on registry.privacy_request (company_id, contact_person_id) where contact_person_id is not null;
