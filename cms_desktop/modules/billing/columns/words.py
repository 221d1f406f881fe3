"""Codes of billing and of the books as words on the screen, with their tone."""

from __future__ import annotations

from cms_desktop.ui.translation import translator

tr = translator("billing")
Chip = tuple[str, str]


def run_states() -> dict[str, Chip]:
    return {
        "preview": (tr("Anteprima"), "info"),
        "issued": (tr("Emesso"), "positive"),
        "undone": (tr("Annullato"), "neutral"),
        "discarded": (tr("Scartato"), "neutral"),
    }


def file_states() -> dict[str, Chip]:
    return {
        "none": (tr("Da creare"), "warning"),
        "ready": (tr("Pronto"), "info"),
        "queued": (tr("In uscita"), "info"),
        "sent": (tr("Inviato"), "calm"),
        "delivered": (tr("Consegnato"), "calm"),
        "rejected": (tr("Scartato dallo SdI"), "negative"),
        "undeliverable": (tr("Mancata consegna"), "warning"),
        "attested": (tr("Attestato"), "calm"),
        "lapsed": (tr("Decorsi i termini"), "calm"),
        "accepted": (tr("Accettato dall'ente"), "positive"),
        "refused": (tr("Rifiutato dall'ente"), "negative"),
    }


def outbox_states() -> dict[str, Chip]:
    return {
        "queued": (tr("In coda"), "info"),
        "sending": (tr("In invio"), "info"),
        "sent": (tr("Inviato"), "positive"),
        "failed": (tr("Non riuscito"), "negative"),
        "held": (tr("Sospeso"), "neutral"),
        "uncertain": (tr("Incerto"), "warning"),
        "cancelled": (tr("Annullato"), "neutral"),
    }


def outbox_kinds() -> dict[str, str]:
    return {
        "billing.courtesy": tr("Copia di cortesia"),
        "billing.pec": tr("File allo SdI"),
        "base.letter": tr("Lettera"),
        "base.certified_letter": tr("Lettera per PEC"),
    }


def check_states() -> dict[str, Chip]:
    """What the check before sending says of a document."""
    return {
        "wrong": (tr("Da correggere"), "negative"),
        "no_file": (tr("Senza file"), "warning"),
        "ready": (tr("Può partire"), "positive"),
    }


def courtesy_obstacles() -> dict[str, str]:
    """Why a customer gets no courtesy copy."""
    return {
        "not_wanted": tr("senza copie richieste nella scheda del cliente"),
        "refused": tr("con il diniego della posta"),
        "no_address": tr("senza indirizzo"),
        "already": tr("già in uscita o inviate"),
    }


def message_kinds() -> dict[str, Chip]:
    """Receipts of the exchange system, as its specifications name them."""
    return {
        "RC": (tr("Consegnata"), "positive"),
        "NS": (tr("Scartata"), "negative"),
        "MC": (tr("Mancata consegna"), "warning"),
        "NE": (tr("Esito dell'ente"), "info"),
        "DT": (tr("Decorrenza termini"), "calm"),
        "AT": (tr("Attestazione"), "calm"),
    }


def document_types() -> dict[str, str]:
    return {
        "TD01": tr("Fattura"),
        "TD02": tr("Acconto su fattura"),
        "TD04": tr("Nota di credito"),
        "TD05": tr("Nota di debito"),
        "TD24": tr("Fattura differita"),
        "TD25": tr("Fattura differita, triangolare"),
        "TD16": tr("Integrazione, inversione contabile"),
        "TD17": tr("Servizi dall'estero"),
        "TD18": tr("Acquisto intracomunitario di beni"),
        "TD19": tr("Beni da non residenti"),
        "TD20": tr("Autofattura per regolarizzare"),
    }


def document_stages() -> dict[str, Chip]:
    """How far a document is: sold and issued, made for a supplier, still written."""
    return {
        "issued": (tr("Emessa"), "positive"),
        "self": (tr("Autofattura"), "info"),
        "draft": (tr("Bozza"), "neutral"),
        "pro_forma": (tr("Pro-forma"), "info"),
    }


def reference_kinds() -> dict[str, str]:
    """What a document may refer to."""
    return {
        "order": tr("Ordine d'acquisto"),
        "contract": tr("Contratto"),
        "agreement": tr("Convenzione"),
        "receipt": tr("Ricezione"),
        "invoice": tr("Fattura collegata"),
        "delivery": tr("DDT o lavori"),
    }


def groupings() -> dict[str, str]:
    return {
        "contract": tr("Una fattura per contratto"),
        "customer": tr("Una fattura per cliente"),
        "site": tr("Una fattura per sede"),
        "order": tr("Una fattura per ordine (CIG)"),
    }


def line_kinds() -> dict[str, str]:
    """What a run can take of the kinds of contract lines."""
    return {
        "recurring": tr("Canoni"),
        "hourly": tr("Ore"),
        "passages": tr("Passaggi"),
        "interventions": tr("Interventi"),
        "one_off": tr("Una tantum"),
    }


def party_kinds() -> dict[str, str]:
    return {
        "company": tr("Società"),
        "sole_trader": tr("Ditte individuali"),
        "person": tr("Privati"),
        "public_body": tr("Enti pubblici"),
        "condominium": tr("Condomìni"),
    }


def one_off_words() -> dict[str, str]:
    return {"with": tr("Comprese"), "without": tr("Escluse"), "only": tr("Solo una tantum")}


def catch_up_words() -> dict[int, str]:
    """How far back skipped periods come along."""
    return {0: tr("No"), 1: tr("Ultimo mese"), 3: tr("Ultimi 3 mesi"), 6: tr("Ultimi 6 mesi"), 12: tr("Ultimi 12 mesi")}


def item_kinds() -> dict[str, str]:
    return {"hourly": tr("Ore"), "passage": tr("Passaggi"), "intervention": tr("Intervento")}


def item_bands() -> dict[str, str]:
    return {"": tr("Secondo l'orario"), "night": tr("Notturna"), "holiday": tr("Festiva"), "overtime": tr("Straordinaria")}


def item_states() -> dict[str, Chip]:
    return {
        "open": (tr("Da fatturare"), "info"),
        "unassigned": (tr("Da attribuire"), "warning"),
        "billed": (tr("In fattura"), "positive"),
        "void": (tr("Annullata"), "neutral"),
    }


def methods() -> dict[str, str]:
    return {
        "MP01": tr("Contanti"),
        "MP02": tr("Assegno"),
        "MP05": tr("Bonifico"),
        "MP08": tr("Carta (POS)"),
        "MP12": tr("RiBa"),
        "MP19": tr("SDD"),
        "MP20": tr("SDD core"),
        "MP21": tr("SDD B2B"),
        "MP22": tr("Compensazione"),
    }


def payment_kinds() -> dict[str, str]:
    return {
        "receipt": tr("Incasso"),
        "write_off": tr("Abbuono"),
        "compensation": tr("Compensazione"),
        "refund": tr("Rimborso"),
    }


def proposal_text(reason: str) -> str:
    """Why these items are ticked already."""
    return {
        "document": tr("Proposta: i documenti nominati nel riferimento."),
        "exact": tr("Proposta: la scadenza di questo importo."),
        "overdue": tr("Proposta: le scadenze più vecchie, che sommano all'importo."),
        "oldest": tr("Proposta: dalla scadenza più vecchia, fino a esaurire l'importo."),
        "none": tr("Scrivi l'importo: le scadenze da saldare vengono proposte."),
    }[reason]


def sources() -> dict[str, str]:
    return {
        "invoice": tr("Fattura"),
        "payment": tr("Incasso"),
        "payment_bounced": tr("Storno incasso"),
        "effect_batch": tr("Distinta"),
        "effect_outcome": tr("Esito effetto"),
        "manual": tr("Manuale"),
        "reversal": tr("Storno"),
        "year_result": tr("Chiusura costi e ricavi"),
        "year_closing": tr("Bilancio di chiusura"),
        "year_opening": tr("Bilancio di apertura"),
    }


def reason_text(reason: str) -> str:
    """Why a row is left out: the words of the person, or of the code of a missing datum."""
    return {
        "fiscal_code_missing": tr("manca partita IVA o codice fiscale"),
        "address_incomplete": tr("indirizzo incompleto"),
        "office_code_missing": tr("manca il codice ufficio"),
        "recipient_code_wrong": tr("codice destinatario errato"),
        "payment_term_missing": tr("manca la condizione di pagamento"),
        "intent_letter_missing": tr("manca una dichiarazione d'intento valida che basti"),
    }.get(reason, reason)


def obstacle_text(obstacle: str) -> str:
    """Why an issued run cannot be taken back."""
    return {
        "later_numbers": tr("Il lancio non si può più annullare: dopo sono stati emessi altri numeri dello stesso sezionale."),
        "sent": tr("Il lancio non si può più annullare: alcuni file sono già stati inviati. Usa le note di credito."),
        "collected": tr("Il lancio non si può più annullare: alcune fatture sono già incassate. Usa le note di credito."),
        "presented": tr("Il lancio non si può più annullare: alcune scadenze sono già in una distinta per la banca."),
    }.get(obstacle, tr("Il lancio non si può più annullare."))


def month_names() -> list[str]:
    return [
        tr("gennaio"), tr("febbraio"), tr("marzo"), tr("aprile"), tr("maggio"), tr("giugno"), tr("luglio"), tr("agosto"),
        tr("settembre"), tr("ottobre"), tr("novembre"), tr("dicembre"),
    ]  # fmt: skip
