-- Notes, time spent, attachments. Each query must return no row.

-- title: Contenuti di allegati incompleti
-- key: notes.content_parts
-- means: Di un documento allegato manca una parte: non si apre più.
-- remedy: Riprendere il documento da una copia di sicurezza e allegarlo di nuovo.
select c.company_id, c.content_id, c.byte_count, sum(octet_length(k.bytes)) as stored
from registry.content as c left join registry.content_chunk as k using (company_id, content_id)
where c.state <> 'arriving'
group by c.company_id, c.content_id, c.byte_count, c.chunk_count
having c.byte_count <> coalesce(sum(octet_length(k.bytes)), 0) or c.chunk_count <> count(k.position);

-- title: Contenuti di allegati la cui impronta non torna
-- key: notes.content_digest
-- means: Il contenuto di un allegato non è quello che fu allegato.
-- remedy: Riprendere il documento da una copia di sicurezza e allegarlo di nuovo; avvisare l'amministratore.
select c.company_id, c.content_id
from registry.content as c left join registry.content_chunk as k using (company_id, content_id)
where c.state <> 'arriving'
group by c.company_id, c.content_id, c.digest
having c.digest <> sha256(coalesce(string_agg(sha256(k.bytes), '' order by k.position), ''));

-- title: Attività con minuti diversi dal costo registrato
-- key: notes.minutes
-- means: Il tempo segnato su un'attività non è la somma dei suoi passaggi: il costo del cliente non torna.
-- remedy: Riaprire e completare di nuovo l'attività con i minuti giusti.
select n.company_id, n.note_id, n.minutes, sum(e.minutes) as noted
from registry.note as n join registry.note_event as e using (company_id, note_id)
group by n.company_id, n.note_id, n.minutes
having n.minutes <> coalesce(sum(e.minutes), 0);

-- title: Avvisi di note riservate a persone di rango inferiore
-- key: notes.private_notice
-- means: Una nota riservata ha avvisato qualcuno che non può leggerla.
-- remedy: Controllare chi ha ricevuto l'avviso e chiamare l'assistenza.
select n.company_id, n.notice_id from base.notice as n
join registry.note as k on k.company_id = n.company_id and n.source_table = 'registry.note' and k.note_id = n.source_id
where k.is_private and n.min_rank < k.min_rank;
