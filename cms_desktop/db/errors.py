"""What the database refuses, as a sentence a person can act on. SQLSTATE and constraint names in, AppError out."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy.exc
from sqlalchemy.orm.exc import StaleDataError

from cms_desktop.core.errors import (
    AlreadyDone,
    AppError,
    Cancelled,
    Conflict,
    ConnectionLost,
    InvalidInput,
    LoginRefused,
    NotAllowed,
)
from cms_desktop.db.book_errors import BOOK_CONSTRAINTS, BOOKS
from cms_desktop.db.constraint_errors import OWN_CONSTRAINTS

CONFLICT_TEXT = "Il record è stato cambiato o tolto da qualcun altro, oppure non è visibile per te: ricaricalo e riprova."

BUSINESS: dict[str, tuple[type[AppError], str]] = {
    "not_allowed": (NotAllowed, "Non hai il diritto «{function}» in questa azienda: chiedilo all'amministratore."),
    "conflict": (Conflict, CONFLICT_TEXT),
    "company_is_fixed": (InvalidInput, "Un record non può passare a un'altra azienda."),
    "author_is_forged": (NotAllowed, "Autore, data e versione di un record non si scrivono a mano."),
    "person_unknown": (InvalidInput, "Persona sconosciuta in questa azienda."),
    "own_rights": (NotAllowed, "Nessuno può cambiare i propri diritti: chiedilo a un altro amministratore."),
    "secret_is_malformed": (InvalidInput, "La password non è stata accettata dal server."),
    "login_too_long": (InvalidInput, "Il nome utente è troppo lungo: accorcialo."),
    "person_of_other_companies": (
        NotAllowed,
        "La persona lavora anche in aziende che non amministri: puoi cambiarne i diritti qui, non l'accesso.",
    ),
    "import_unknown": (InvalidInput, "Questa importazione non c'è: aggiorna l'elenco."),
    "import_is_closed": (NotAllowed, "Un'importazione si scrive solo mentre la si fa."),
    "import_is_undone": (AlreadyDone, "L'importazione è già stata annullata."),
    "import_was_touched": (
        Conflict,
        "L'importazione non si può annullare: {count} record sono stati cambiati o usati dopo, per esempio «{name}» alla riga {line}.",
    ),
    "parameter_value": (InvalidInput, "Il valore di «{title}» non è ammesso: controlla il tipo e i limiti."),
    "number_request": (InvalidInput, "Quantità di numeri non valida."),
    "issued_is_final": (NotAllowed, "Una fattura emessa non si modifica: fai una nota di credito."),
    "date_before_last_document": (
        InvalidInput,
        "La data {asked} viene prima dell'ultimo documento del sezionale ({last}): scegli una data uguale o successiva.",
    ),
    "period_billed_already": (AlreadyDone, "Un servizio ha già una fattura per questo periodo: aggiorna l'anteprima."),
    "run_period": (InvalidInput, "Il periodo non è valido: la fine deve seguire l'inizio, entro un anno."),
    "run_state": (AlreadyDone, "Il lancio {number} è già passato allo stato «{state}»: aggiorna l'elenco."),
    "item_is_billed": (
        AlreadyDone,
        "La prestazione è già in una fattura o in un'anteprima: per correggerla scarta l'anteprima o fai una nota di credito.",
    ),
    "item_mark_is_not_yours": (NotAllowed, "Fattura, quantità addebitata e origine di una prestazione non si scrivono a mano."),
    "item_does_not_fit": (
        InvalidInput,
        "La riga di contratto «{description}» non si conta così: scegli una riga a ore, a passaggi o a interventi.",
    ),
    "item_site_is_anothers": (InvalidInput, "La sede è di un altro cliente: scegli una sede del cliente della riga di contratto."),
    "items_are_malformed": (
        InvalidInput,
        "L'elenco delle prestazioni non è leggibile: servono origine e numero (una volta sola), tipo, giorno e riga di contratto o sede.",
    ),
    "run_parameters": (InvalidInput, "Il parametro «{name}» del lancio non è ammesso."),
    "nothing_to_retry": (InvalidInput, "Il lancio {number} non ha righe scartate da ritentare."),
    "nothing_to_issue": (InvalidInput, "Nel lancio non c'è nessuna fattura da emettere: includi almeno una riga."),
    "run_cannot_be_undone": (InvalidInput, "Il lancio non si può più annullare ({obstacle}): usa le note di credito."),
    "draft_lacks_document_type": (InvalidInput, "Scegli il tipo di documento."),
    "draft_lacks_series": (InvalidInput, "Scegli il sezionale."),
    "draft_lacks_document_on": (InvalidInput, "Scrivi la data del documento."),
    "draft_lacks_supplier": (InvalidInput, "Scegli il fornitore a cui si sostituisce l'autofattura."),
    "draft_lacks_customer": (InvalidInput, "Scegli il cliente."),
    "draft_lacks_lines": (InvalidInput, "Scrivi almeno una riga."),
    "draft_lacks_payment_term": (InvalidInput, "Scegli la condizione di pagamento: il cliente non ne ha una sua."),
    "draft_line_wrong": (
        InvalidInput,
        "Ogni riga vuole una descrizione, una quantità maggiore di zero e un periodo che non finisca prima di cominciare.",
    ),
    "draft_is_gone": (AlreadyDone, "La bozza non c'è più: qualcuno l'ha emessa o scartata. Aggiorna l'elenco."),
    "fiscal_code_missing": (
        InvalidInput,
        "Il cliente non ha né partita IVA né codice fiscale: scrivili nella sua scheda e salva di nuovo.",
    ),
    "address_incomplete": (InvalidInput, "L'indirizzo del cliente non è completo: via, CAP e comune nella sua scheda, poi salva di nuovo."),
    "office_code_missing": (
        InvalidInput,
        "L'ente pubblico vuole un codice ufficio di 6 caratteri: scrivilo nella sua scheda e salva di nuovo.",
    ),
    "recipient_code_wrong": (
        InvalidInput,
        "Il codice destinatario di un privato ha 7 caratteri: correggilo nella scheda e salva di nuovo.",
    ),
    "total_has_wrong_sign": (InvalidInput, "Il totale del documento deve essere maggiore di zero: controlla le righe."),
    "received_document_missing": (InvalidInput, "Scrivi numero e data del documento del fornitore."),
    "credited_document_missing": (InvalidInput, "Richiama la fattura a cui il documento si riferisce."),
    "delivery_missing": (
        InvalidInput,
        "Una fattura differita richiama i documenti di trasporto o dei lavori: aggiungi almeno un riferimento.",
    ),
    "series_does_not_take": (
        InvalidInput,
        "Il sezionale non prende documenti {type}: scegline un altro, o ammettili in Impostazioni, Sezionali.",
    ),
    "credited_too_much": (
        InvalidInput,
        "Della fattura {number} (riga {line}) resta da accreditare meno di così: riapri la nota di credito e usa quanto resta.",
    ),
    "credited_document": (
        InvalidInput,
        "La nota di credito deve richiamare una fattura emessa allo stesso cliente, non posteriore ({number}): sceglila dall'elenco.",
    ),
    "run_credit": (
        InvalidInput,
        "Il lancio {number} non si può stornare così: nulla resta da accreditare, o la data viene prima del {on}, o il sezionale non va bene.",
    ),
    "document_in_future": (InvalidInput, "La data {on} è nel futuro: lo SdI rifiuterebbe il documento (00403). Usa al più tardi oggi."),
    "pro_forma_state": (InvalidInput, "Il documento non può diventare pro-forma: è di un altro tipo, o ha già il numero {number}."),
    "document_is_no_draft": (AlreadyDone, "Il documento {number} è già emesso: non si ricalcola."),
    "stamp_code_missing": (
        InvalidInput,
        "Per addebitare il bollo serve un codice IVA di natura N1 (escluso art. 15): aggiungilo nelle tabelle.",
    ),
    "letter_not_valid": (
        InvalidInput,
        "La dichiarazione d'intento {number} non vale il {on}: è di un altro cliente, revocata, o fuori dal periodo {from} – {to}.",
    ),
    "letter_never_used_so_much": (
        InvalidInput,
        "Sulla dichiarazione d'intento {number} sono stati usati {used} €, il documento ne renderebbe {amount}: togli righe N3.5.",
    ),
    "letter_is_used_up": (
        InvalidInput,
        "Della dichiarazione d'intento {number} restano {remaining} €, ne servono {amount}: togli righe o mettile con l'IVA.",
    ),
    "lot_name": (AlreadyDone, "Il nome «{name}» non va bene per un lotto, o è già stato usato: riprova."),
    "not_refused": (InvalidInput, "Lo SdI non ha rifiutato questa fattura: i dati del cliente non si cambiano."),
    "sdi_facts": (InvalidInput, "Le ricevute da registrare non sono complete: rileggi la cartella."),
    "entry_not_balanced": (InvalidInput, "La registrazione {entry} non quadra: differenza {difference}."),
    "payment_over_used": (InvalidInput, "L'incasso {payment} è abbinato per più del suo importo o a un altro cliente."),
    "payment_cannot_bounce": (InvalidInput, "L'incasso non si può stornare: la data viene prima dell'incasso, o è già stato rimborsato."),
    "write_off_limit": (InvalidInput, "Si abbuonano solo residui fino a {limit} €: togli le scadenze più grandi."),
    "compensation_is_uneven": (
        InvalidInput,
        "La compensazione non pareggia, o le scadenze sono di clienti diversi: controlla gli importi.",
    ),
    "nothing_to_pay_back": (InvalidInput, "Di questo incasso non resta nulla da rimborsare."),
    "day_in_the_future": (InvalidInput, "La data {day} è nel futuro: usa al più tardi oggi."),
    "amount_not_positive": (InvalidInput, "Scrivi un importo maggiore di zero."),
    "cash_limit": (InvalidInput, "In contanti si incassa solo sotto {limit} € (art. 49 D.Lgs. 231/2007): usa un altro mezzo."),
    "item_not_open": (AlreadyDone, "Una scadenza è già stata saldata da qualcun altro: aggiorna l'elenco."),
    "payment_state": (AlreadyDone, "L'incasso è già stato stornato, o non è di questo tipo: aggiorna l'elenco."),
    "allocation_amounts": (InvalidInput, "Gli importi da abbinare non sono validi: due decimali, diversi da zero."),
    "vat_period_closed": (
        NotAllowed,
        "L'IVA fino al {on} è già liquidata o stampata nei registri: usa una data successiva.",
    ),
    "register_unknown": (InvalidInput, "Il registro non esiste: scegli vendite con un sezionale, acquisti o incassi dell'IVA differita."),
    "month_not_over": (InvalidInput, "Il periodo finisce il {on}: si chiude dal giorno dopo."),
    "register_printed": (AlreadyDone, "Questo mese, o uno successivo, è già stampato in definitivo: aggiorna l'elenco."),
    "register_changed": (Conflict, "Il registro è cambiato mentre lo stampavi: ristampalo."),
    "earlier_month_not_printed": (InvalidInput, "Un mese precedente dell'anno non è ancora stampato in definitivo: comincia da quello."),
    "vat_settled_already": (AlreadyDone, "Il periodo è già liquidato, oppure non è l'ultimo confermato: aggiorna la pagina."),
    "vat_amounts": (InvalidInput, "Gli importi della liquidazione non sono validi: crediti e acconto non possono essere negativi."),
    "earlier_period_open": (InvalidInput, "Il periodo precedente non è ancora confermato: comincia da quello."),
    "vat_changed": (Conflict, "I registri sono cambiati: ora il risultato è {result}. Controlla e conferma di nuovo."),
    "account_missing": (InvalidInput, "Nel piano dei conti manca il conto per «{role}»: assegnalo in Contabilità."),
    "nothing_to_present": (InvalidInput, "Nessuna scadenza da presentare nel periodo scelto ({without_bank} clienti sono senza IBAN)."),
    "batch_state": (AlreadyDone, "La distinta è già stata presentata o annullata: aggiorna l'elenco."),
    "class_of_another_field": (
        InvalidInput,
        "La voce scelta appartiene a un altro campo di classificazione: sceglila dal campo {position}.",
    ),
    "merge_unknown": (InvalidInput, "Una delle due anagrafiche non c'è o non è visibile per te: aggiorna l'elenco."),
    "merge_done_already": (AlreadyDone, "«{name}» è già stata unita o cancellata: aggiorna l'elenco."),
    "merge_customer_survives": (InvalidInput, "«{name}» è un cliente e l'altra no: tieni quella del cliente."),
    "merge_in_preview": (InvalidInput, "«{name}» ha {drafts} fatture in un lancio non ancora confermato: confermalo o scartalo prima."),
    "merge_two_subjects": (
        InvalidInput,
        "Sono due soggetti fiscali con fatture emesse ({one} e {other}): non si uniscono. Per un subentro trasferisci il contratto.",
    ),
    "merge_undone_already": (AlreadyDone, "L'unione è già stata annullata: aggiorna l'elenco."),
    "merge_touched_since": (
        InvalidInput,
        "Dopo l'unione qualcosa è stato cambiato ({touched}): annullandola andrebbe perso. Correggi a mano.",
    ),
    "channel_unknown": (InvalidInput, "Il canale «{channel}» non esiste: scegli posta elettronica, lettera, fax o telefono."),
    "person_not_here": (InvalidInput, "L'anagrafica non c'è o è stata unita a un'altra: aggiorna l'elenco."),
    "contact_not_here": (InvalidInput, "La persona non è più nella rubrica: aggiorna l'elenco."),
    "erased_already": (AlreadyDone, "I dati di questa anagrafica sono già stati cancellati."),
    "erasure_contract_in_force": (InvalidInput, "Contratti in corso: {contracts}. I dati servono a eseguirli: chiudili prima."),
    "erasure_items_open": (InvalidInput, "Scadenze aperte: {items}. I dati servono a riscuoterle: chiudile prima."),
    "life_cycle_step": (InvalidInput, "Da questo stato il cliente non passa a quello scelto: aggiorna e riprova."),
    "agents_share_too_much": (
        InvalidInput,
        "Dal {on} i produttori avrebbero insieme più del 100%: riduci le quote o chiudi un incarico.",
    ),
    "two_collectors": (InvalidInput, "Dal {on} ci sarebbero due esattori: chiudi prima l'incarico in corso."),
    "mandate_step": (InvalidInput, "Da questo stato il mandato non passa a quello scelto: aggiorna e riprova."),
    "mandate_is_over": (InvalidInput, "Un mandato revocato o scaduto non si modifica: scrivine uno nuovo."),
    "amendment_state": (AlreadyDone, "La variazione del mandato è già accettata o non ancora inviata: aggiorna e riprova."),
    "line_is_gone": (Conflict, CONFLICT_TEXT),
    "price_day": (
        InvalidInput,
        "Il prezzo vale da un giorno non ancora fatturato (fatturato fino al {until}) e dopo l'inizio del servizio.",
    ),
    "price_run_parameters": (InvalidInput, "I dati della variazione non vanno bene: percentuale o importo, arrotondamento e decorrenza."),
    "index_missing": (InvalidInput, "L'indice ISTAT di {month} non c'è ancora: inseriscilo in Prezzi, Indice ISTAT."),
    "price_run_state": (AlreadyDone, "La variazione {number} è già passata allo stato «{state}»: aggiorna l'elenco."),
    "nothing_to_reprice": (InvalidInput, "Nella variazione non c'è nessun prezzo da cambiare: includi almeno una riga."),
    "prices_moved": (AlreadyDone, "{count} prezzi sono cambiati dopo l'anteprima: scartala e preparala di nuovo."),
    "price_run_cannot_be_undone": (
        InvalidInput,
        "La variazione non si può più annullare: {billed} prezzi sono già in fattura, {later} sono già stati cambiati di nuovo.",
    ),
    "transfer_impossible": (InvalidInput, "Il subentro vuole un contratto in corso, un altro cliente attivo e una data dopo l'inizio."),
    "transfer_billed": (
        InvalidInput,
        "Il contratto è già fatturato fino al {until}: il subentro vale dal giorno dopo, o serve una nota di credito.",
    ),
    "not_a_person": (NotAllowed, "Questo accesso non appartiene a una persona del programma."),
    "disabled": (NotAllowed, "Il tuo accesso è sospeso: rivolgiti all'amministratore."),
    "expired": (NotAllowed, "Il tuo accesso è scaduto il {on}: rivolgiti all'amministratore."),
    "locked": (
        NotAllowed,
        "Accesso bloccato fino alle {until} per troppi tentativi: riprova dopo quell'ora, o rivolgiti all'amministratore.",
    ),
    "subject_unknown": (Conflict, "Il record non c'è più, oppure non è visibile per te: aggiorna e riprova."),
    "note_unknown": (Conflict, "La nota non c'è più, oppure non è visibile per te: aggiorna l'elenco."),
    "executor_cannot": (InvalidInput, "Questa persona non può leggere il record o lavorare attività: scegline un'altra."),
    "executor_rank": (InvalidInput, "Una nota riservata si affida solo a chi ha il tuo rango o uno superiore: scegli un'altra persona."),
    "note_not_yours": (NotAllowed, "Una nota la cambia solo chi l'ha scritta: scrivine un'altra."),
    "task_not_yours": (NotAllowed, "L'attività è di un'altra persona: la muovono l'esecutore e chi l'ha assegnata."),
    "task_state": (AlreadyDone, "L'attività è già in un altro stato: aggiorna l'elenco."),
    "note_without_words": (InvalidInput, "Scrivi il testo della nota (al massimo 20.000 caratteri)."),
    "contact_unknown": (InvalidInput, "La persona di contatto non appartiene a questa anagrafica: sceglila dalla rubrica."),
    "minutes_wrong": (InvalidInput, "I minuti vanno da 0 a 60.000: controllali."),
    "attachment_too_large": (
        InvalidInput,
        "L'allegato è di {size} MB, il massimo dell'azienda è {most} MB: riducilo, o chiedi all'amministratore di alzare il limite.",
    ),
    "upload_unknown": (Conflict, "Il caricamento non è più valido: allega di nuovo il documento."),
    "upload_broken": (Conflict, "Il caricamento si è interrotto: allega di nuovo il documento."),
    "attachment_unknown": (Conflict, "L'allegato non c'è più, oppure non è visibile per te: aggiorna l'elenco."),
    "attachment_not_yours": (NotAllowed, "Un allegato lo toglie chi l'ha messo, o un responsabile."),
    "temporary_expired": (NotAllowed, "La password temporanea è scaduta: chiedine un'altra all'amministratore."),
    "password_changed": (
        LoginRefused,
        "La tua password è stata cambiata da un'altra postazione o rinnovata da un amministratore: entra con quella nuova.",
    ),
    "session_ended": (LoginRefused, "La sessione è stata chiusa da {by} alle {at}. {note}"),
    "last_administrator": (InvalidInput, "L'azienda resterebbe senza amministratore: prima nominane un altro."),
    "session_unknown": (AlreadyDone, "La sessione è già chiusa: l'elenco si aggiorna."),
    "installation_rules": (NotAllowed, "Le regole valgono per tutte le aziende: le cambia chi le amministra tutte."),
    "outbox_facts": (InvalidInput, "Il messaggio da mettere in uscita non è completo: rifallo."),
    "outbox_too_large": (InvalidInput, "Gli allegati superano 25 MB: mandane di meno, o in più messaggi."),
    "lease_lost": (AlreadyDone, "Questo messaggio non è più affidato a questo invio: aggiorna l'elenco."),
    "message_not_resent": (InvalidInput, "Si rimanda solo un messaggio già inviato, e mai un file allo SdI: il suo nome vale una volta."),
    "channel_is_not_pec": (
        InvalidInput,
        "L'azienda non invia le fatture per PEC: scegli «pec» in Modulo Base, Tabelle, Parametri, «Invio delle fatture allo SdI».",
    ),
    "not_an_sdi_address": (InvalidInput, "Non è un indirizzo PEC dello SdI (sdi…@pec.fatturapa.it)."),
    "client_too_old": (AppError, "Questa versione del programma è troppo vecchia: serve almeno la {minimum}. Aggiornala e riprova."),
}

BUSINESS |= BOOKS
RESET_TEXT = "La tua password è stata rinnovata da {by} alle {at}: entra con quella nuova."
AT_THE_DOOR = (
    "password_changed",
    "disabled",
    "expired",
    "locked",
    "not_a_person",
    "temporary_expired",
    "session_ended",
)  # keys of who may not come in (any more)

CONSTRAINTS = OWN_CONSTRAINTS | BOOK_CONSTRAINTS  # constraint: (error, sentence, field)

STATES: dict[str, tuple[type[AppError], str]] = {
    "57014": (Cancelled, ""),
    "40001": (Conflict, "Due persone hanno scritto insieme: riprova."),
    "40P01": (Conflict, "Due persone hanno scritto insieme: riprova."),
    "55P03": (Conflict, "Qualcun altro sta usando questi dati: riprova fra poco."),
    "53300": (ConnectionLost, "Il server ha raggiunto il massimo di collegamenti: riprova fra poco."),
    "42501": (NotAllowed, "Non hai il diritto di farlo in questa azienda: chiedilo all'amministratore."),
}
CLASSES: dict[str, tuple[type[AppError], str]] = {
    "23": (InvalidInput, "Il dato non è ammesso ({detail})."),
    "22": (InvalidInput, "Il dato non è valido ({detail})."),
    "08": (ConnectionLost, "Il collegamento con il server è caduto: nulla è stato scritto."),
    "57": (ConnectionLost, "Il server ha chiuso il collegamento: nulla è stato scritto."),
}


def app_error_from(error: psycopg.Error) -> AppError:
    """The sentence for an error of the database."""
    state = error.sqlstate or ""
    found: tuple[type[AppError], str] | None
    if state.startswith("CM"):
        key = error.diag.message_primary or ""
        return _business(key, _facts(error.diag.message_detail))
    constraint = error.diag.constraint_name or ""
    if constraint in CONSTRAINTS:
        known, text, field = CONSTRAINTS[constraint]
        return InvalidInput(text, field=field) if known is InvalidInput else known(text, key=constraint)
    if state == "57014":
        return Cancelled()
    found = STATES.get(state) or CLASSES.get(state[:2])
    if not state and (refused := refused_at_start(str(error))):
        return refused
    if found is None and (not state or isinstance(error, psycopg.OperationalError)):
        found = CLASSES["08"]
    if found is None:
        return AppError("Errore del server: {detail}", key=f"sql_{state}", detail=error.diag.message_primary or str(error))
    kind, text = found
    return kind(text, detail=error.diag.message_primary or "")


def _business(key: str, facts: dict[str, Any]) -> AppError:
    kind, text = BUSINESS.get(key, (AppError, key))
    if key == "session_ended" and facts.get("reason") == "reset":
        text = RESET_TEXT
    elif key == "session_ended" and facts.get("reason") == "suspended":
        key, (kind, text) = "disabled", BUSINESS["disabled"]
    return kind(text, key=key, **readable(facts))


def refused_at_start(text: str) -> AppError | None:
    """The refusal of a connection that never came to be: libpq keeps its words only, no SQLSTATE."""
    if "is not permitted to log in" in text:
        return _business("disabled", {})
    if "password authentication failed" in text:
        return _business("password_changed", {})
    match = re.search(r"FATAL:  (\w+)\s+DETAIL:  (\{.*\})", text)
    return _business(match[1], _facts(match[2])) if match and match[1] in BUSINESS else None


def readable(facts: dict[str, Any]) -> dict[str, Any]:
    """Days and moments as a person reads them: of a moment the hour, with the day when it is not today's."""
    is_day = {name: isinstance(value, str) and bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value)) for name, value in facts.items()}
    found = {name: datetime.date.fromisoformat(value).strftime("%d/%m/%Y") if is_day[name] else value for name, value in facts.items()}
    for name in ("until", "at"):
        if name in found and not is_day[name]:
            moment = datetime.datetime.fromisoformat(str(found[name])).astimezone()
            is_today = moment.date() == datetime.datetime.now().astimezone().date()
            found[name] = moment.strftime("%H:%M" if is_today else "%H:%M (%d/%m/%Y)")
    if "on" in found and not is_day["on"]:
        found["on"] = datetime.date.fromisoformat(str(found["on"])).strftime("%d/%m/%Y")
    return found


def _facts(detail: str | None) -> dict[str, Any]:
    try:
        facts = json.loads(detail or "{}")
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


@contextmanager
def translated() -> Iterator[None]:
    """Inside, errors of psycopg and SQLAlchemy become AppErrors."""
    try:
        yield
    except StaleDataError as error:
        raise Conflict(CONFLICT_TEXT) from error
    except sqlalchemy.exc.DBAPIError as error:
        if isinstance(error.orig, psycopg.Error):
            raise app_error_from(error.orig) from error
        raise
    except psycopg.Error as error:
        raise app_error_from(error) from error
