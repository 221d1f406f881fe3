"""What the database refuses, as a sentence a person can act on. SQLSTATE and constraint names in, AppError out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy.exc
from sqlalchemy.orm.exc import StaleDataError

from cms_desktop.core.errors import AlreadyDone, AppError, Cancelled, Conflict, ConnectionLost, InvalidInput, NotAllowed

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
    "number_request": (InvalidInput, "Quantità di numeri non valida."),
    "issued_is_final": (NotAllowed, "Una fattura emessa non si modifica: fai una nota di credito."),
    "date_before_last_document": (
        InvalidInput,
        "La data {asked} viene prima dell'ultimo documento del sezionale ({last}): scegli una data uguale o successiva.",
    ),
    "period_billed_already": (AlreadyDone, "Un servizio ha già una fattura per questo periodo: aggiorna l'anteprima."),
    "run_period": (InvalidInput, "Il periodo non è valido: la fine deve seguire l'inizio, entro un anno."),
    "run_state": (AlreadyDone, "Il lancio {number} è già passato allo stato «{state}»: aggiorna l'elenco."),
    "nothing_to_issue": (InvalidInput, "Nel lancio non c'è nessuna fattura da emettere: includi almeno una riga."),
    "run_cannot_be_undone": (InvalidInput, "Il lancio non si può più annullare ({obstacle}): usa le note di credito."),
    "entry_not_balanced": (InvalidInput, "La registrazione {entry} non quadra: differenza {difference}."),
    "payment_over_used": (InvalidInput, "L'incasso {payment} è abbinato per più del suo importo o a un altro cliente."),
    "account_missing": (InvalidInput, "Nel piano dei conti manca il conto per «{role}»: assegnalo in Contabilità."),
    "nothing_to_present": (InvalidInput, "Nessuna scadenza da presentare nel periodo scelto ({without_bank} clienti sono senza IBAN)."),
    "batch_state": (AlreadyDone, "La distinta è già stata presentata o annullata: aggiorna l'elenco."),
    "not_a_person": (NotAllowed, "Questo accesso non appartiene a una persona del programma."),
    "disabled": (NotAllowed, "Il tuo accesso è sospeso: rivolgiti all'amministratore."),
    "expired": (NotAllowed, "Il tuo accesso è scaduto il {on}: rivolgiti all'amministratore."),
    "locked": (
        NotAllowed,
        "Accesso bloccato fino alle {until} per troppi tentativi: riprova dopo quell'ora, o rivolgiti all'amministratore.",
    ),
    "client_too_old": (AppError, "Questa versione del programma è troppo vecchia: serve almeno la {minimum}. Aggiornala e riprova."),
}

CONSTRAINTS: dict[str, tuple[type[AppError], str, str]] = {  # constraint: (error, sentence, field)
    "period_billed_once": (AlreadyDone, "Un servizio ha già una fattura per questo periodo: aggiorna l'anteprima.", ""),
    "item_presented_once": (AlreadyDone, "Una scadenza è già in un'altra distinta: aggiorna e riprova.", ""),
    "customer_company_id_code_key": (InvalidInput, "Il codice cliente è già usato: lascialo vuoto per averne uno nuovo.", "code"),
    "contract_company_id_number_key": (InvalidInput, "Il numero di contratto è già usato.", "number"),
    "vat_nature_belongs_to_rate_zero": (InvalidInput, "Aliquota zero vuole la natura; aliquota diversa da zero la esclude.", "nature"),
    "vat_nature_is_listed": (InvalidInput, "Natura IVA sconosciuta: scegli N1, N2.1 … N7.", "nature"),
    "contract_ends_after_it_starts": (InvalidInput, "La fine del contratto deve seguire l'inizio.", "ends_on"),
    "service_ends_after_it_starts": (InvalidInput, "La fine del servizio deve seguire l'inizio.", "ends_on"),
    "invoice_line_company_id_service_id_fkey": (
        InvalidInput,
        "Il servizio è già in una fattura: scrivi quando finisce, non si toglie.",
        "",
    ),
    "one_default_bank": (InvalidInput, "C'è già una banca predefinita: toglila prima.", "is_default"),
    "open_item_is_not_over_paid": (InvalidInput, "La scadenza verrebbe pagata più del dovuto: controlla l'importo.", "amount"),
    "person_login_key": (InvalidInput, "Il nome utente esiste già.", "login"),
}

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
        kind, text = BUSINESS.get(key, (AppError, key))
        return kind(text, key=key, **_facts(error.diag.message_detail))
    constraint = error.diag.constraint_name or ""
    if constraint in CONSTRAINTS:
        known, text, field = CONSTRAINTS[constraint]
        return InvalidInput(text, field=field) if known is InvalidInput else known(text, key=constraint)
    if state == "57014":
        return Cancelled()
    found = STATES.get(state) or CLASSES.get(state[:2])
    if found is None and (not state or isinstance(error, psycopg.OperationalError)):
        found = CLASSES["08"]
    if found is None:
        return AppError("Errore del server: {detail}", key=f"sql_{state}", detail=error.diag.message_primary or str(error))
    kind, text = found
    return kind(text, detail=error.diag.message_primary or "")


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
