-- title: Sezione dell'anagrafica con un numero di soggetti diverso da quelli che ci sono
-- key: registry.sections
-- means: Il numero che i riquadri e le sezioni mostrano non è quello delle anagrafiche che ci sono.
-- remedy: Chiamare l'assistenza: i conteggi si ricostruiscono dalle anagrafiche.
select company_id, section, month, coalesce(kept.parties, 0) as kept, coalesce(real.parties, 0) as real
from (select company_id, section, month, sum(parties) as parties from registry.section_count group by 1, 2, 3) as kept
full join (
  select company_id, 'party' as section, date_trunc('month', created_on)::date as month, count(*) as parties
  from registry.party where survivor_id is null group by 1, 3
  union all
  select company_id, role, date_trunc('month', since_on)::date, count(*) from registry.party_role where until_on is null group by 1, 2, 3
) as real using (company_id, section, month)
where coalesce(kept.parties, 0) <> coalesce(real.parties, 0);
-- title: Ruolo con un nome diverso da quello della sua anagrafica
-- key: registry.role_name
-- means: L'elenco di una sezione ordina e cerca l'anagrafica con un nome che non è più il suo.
-- remedy: Aprire l'anagrafica e salvarla di nuovo; se resta, chiamare l'assistenza.
select role.company_id, role.party_role_id, role.search_key, party.search_key as name_of_party
from registry.party_role as role join registry.party using (company_id, party_id) where role.search_key <> party.search_key;
-- title: Cliente senza il suo ruolo nell'anagrafica
-- key: registry.customer_role
-- means: Un cliente non compare nella sezione Clienti dell'anagrafica.
-- remedy: Aprire il cliente e cambiarne lo stato, o chiamare l'assistenza.
select customer.company_id, customer.customer_id from customers.customer
join registry.party on party.company_id = customer.company_id and party.party_id = customer.customer_id and party.survivor_id is null
where not exists (select from registry.party_role as role where role.company_id = customer.company_id and role.party_id = customer.customer_id
                  and role.role = case customer.state when 'prospect' then 'prospect' else 'customer' end and role.until_on is null);
-- title: Anagrafica unita a un'altra che è a sua volta unita
-- key: registry.merged_twice
-- means: Un'anagrafica rimanda a una che a sua volta è stata unita: i suoi dati non si trovano.
-- remedy: Annullare le due unioni e rifarle verso l'anagrafica che resta.
select merged.company_id, merged.party_id, merged.survivor_id from registry.party as merged
join registry.party as survivor on survivor.company_id = merged.company_id and survivor.party_id = merged.survivor_id
where survivor.survivor_id is not null
