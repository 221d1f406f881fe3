-- The list of parties by name also holds what is searched in it: words that thousands of parties contain are looked for in the order of the list,
-- in this index alone.
drop index registry.party_by_name;
create index party_by_name on registry.party (company_id, search_key, party_id) include (search_text);
