-- title: File allo SdI che non seguono il loro messaggio
-- key: outbox.files
-- means: Un file risulta in uscita senza un messaggio che lo porti, o risulta ancora pronto mentre il suo messaggio è partito.
-- remedy: Guardare nella posta inviata della casella PEC se il file è partito, poi chiamare l'assistenza.
select t.company_id, t.file_name, t.state as file_state, m.outbox_message_id, m.state as message_state
from billing.transmission as t
left join base.outbox_message as m on m.company_id = t.company_id and m.outbox_message_id = t.outbox_message_id
where (t.state = 'queued' and coalesce(m.state, 'cancelled') in ('sent', 'cancelled'))
   or (t.state = 'ready' and m.state = 'sent');

-- title: Messaggi inviati senza che nessuno li abbia presi in carico
-- key: outbox.senders
-- means: Un messaggio risulta inviato, ma non c'è il momento in cui è stato consegnato al server né chi lo ha fatto.
-- remedy: Qualcuno ha scritto nel database per un'altra strada: guardare il registro delle modifiche.
select company_id, outbox_message_id, recipient, sent_at
from base.outbox_message
where state in ('sent', 'uncertain') and (handed_over_at is null or leased_by is null);
