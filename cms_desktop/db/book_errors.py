"""Sentences for what the books refuse: chart of accounts, entries, closed periods, exports."""

from __future__ import annotations

from cms_desktop.core.errors import AlreadyDone, AppError, InvalidInput, NotAllowed

BOOKS: dict[str, tuple[type[AppError], str]] = {
    "account_is_used": (
        InvalidInput,
        "Il conto {code} è in prima nota, in un profilo o in un modello: codice e tipo restano, e non si elimina.",
    ),
    "account_has_children": (InvalidInput, "Il conto {code} ne contiene altri: sposta o elimina prima quelli."),
    "account_is_in_a_rule": (InvalidInput, "Il conto {code} è in un profilo contabile: cambia prima il profilo."),
    "account_has_a_role": (InvalidInput, "Il conto {code} ha una funzione nelle registrazioni automatiche: dalla prima a un altro conto."),
    "account_code": (InvalidInput, "Codice «{code}»: cifre o maiuscole a gruppi separati da punti, per esempio 58.10.01."),
    "account_role_unknown": (InvalidInput, "La funzione «{role}» non esiste: sceglila dall'elenco."),
    "account_place": (
        InvalidInput,
        "Il codice {code} non sta sotto {parent}: deve cominciare come il suo gruppo, che non riceve registrazioni.",
    ),
    "rule_account": (InvalidInput, "Il profilo vuole un conto di ricavo (o di debito, per i depositi) in uso che riceve registrazioni."),
    "period_closed": (InvalidInput, "La contabilità è chiusa fino al {closed}: con data {day} non si registra. Usa una data successiva."),
    "entry_is_final": (InvalidInput, "La registrazione ha già il numero del libro giornale: non si toglie, si storna."),
    "entry_is_kept": (InvalidInput, "Una registrazione non si modifica: stornala e scrivine un'altra."),
    "entry_words": (InvalidInput, "Scrivi la descrizione della registrazione (al massimo 500 caratteri)."),
    "entry_lines": (InvalidInput, "Ogni riga vuole un importo positivo in dare o in avere, con due decimali; le righe sono almeno due."),
    "entry_difference": (InvalidInput, "La registrazione non quadra: dare e avere differiscono di {difference} €."),
    "entry_account": (InvalidInput, "Un conto non c'è, non è più in uso o è un gruppo: sceglilo di nuovo."),
    "entry_customer": (InvalidInput, "Il conto dei crediti verso clienti vuole il cliente su ogni riga."),
    "template_lines": (InvalidInput, "Il modello vuole nome, descrizione e almeno due righe con il loro conto."),
    "template_unknown": (AlreadyDone, "Il modello non c'è più: aggiorna l'elenco."),
    "entry_of_a_document": (
        InvalidInput,
        "La registrazione nasce da un documento: si storna da lì (nota di credito, storno dell'incasso).",
    ),
    "entry_reversed_already": (AlreadyDone, "La registrazione è già stata stornata: aggiorna l'elenco."),
    "reversal_day": (InvalidInput, "Lo storno vuole il motivo e una data dal {day} in poi (per le chiusure: la stessa data)."),
    "lock_day": (InvalidInput, "Scegli un giorno diverso dalla chiusura in vigore, al più tardi oggi."),
    "reopen_reason": (InvalidInput, "Scrivi perché riapri il periodo: resta nella storia."),
    "journal_is_printed": (InvalidInput, "Il libro giornale è definitivo fino al {printed}: prima di quel giorno non si riapre."),
    "close_first": (InvalidInput, "Prima chiudi il periodo: il libro giornale definitivo arriva al più fino all'ultimo giorno chiuso."),
    "nothing_to_number": (InvalidInput, "Non ci sono registrazioni nuove da numerare fino a quel giorno."),
    "nothing_to_post": (AlreadyDone, "Non c'è più nulla da contabilizzare fino a quel giorno: aggiorna l'elenco."),
    "documents_unposted": (
        InvalidInput,
        "Ci sono {count} documenti da contabilizzare dal {first}: registrali prima di chiudere il periodo.",
    ),
    "export_period": (InvalidInput, "Il periodo da esportare non è valido: la fine deve seguire l'inizio."),
    "nothing_to_export": (InvalidInput, "Nel periodo non ci sono registrazioni nuove: spunta «anche già esportate» per rifarle."),
    "export_file": (AlreadyDone, "Il file di questa esportazione c'è già."),
    "year_is_not_over": (InvalidInput, "L'esercizio {year} non è ancora finito."),
    "year_is_closed": (AlreadyDone, "L'esercizio {year} è già chiuso: per rifarlo storna prima le sue scritture di chiusura."),
    "year_is_empty": (InvalidInput, "Nell'esercizio {year} non ci sono saldi da chiudere."),
}
BOOK_CONSTRAINTS: dict[str, tuple[type[AppError], str, str]] = {
    "account_company_id_code_key": (InvalidInput, "Il codice del conto è già usato.", "code"),
    "one_account_per_role": (InvalidInput, "Un altro conto ha già questa funzione: toglila prima lì.", "role"),
    "account_with_a_role_takes_entries": (InvalidInput, "Un conto con una funzione deve essere in uso e ricevere registrazioni.", "role"),
    "posting_rule_is_said_once": (
        InvalidInput,
        "C'è già un profilo con le stesse condizioni da quel giorno: modifica quello.",
        "valid_from",
    ),
    "posting_rule_ends_after_it_starts": (InvalidInput, "La fine del profilo deve seguire l'inizio.", "valid_to"),
    "journal_template_company_id_name_key": (InvalidInput, "C'è già un modello con questo nome.", "name"),
    "journal_export_entry_company_id_journal_entry_id_fkey": (
        NotAllowed,
        "La registrazione è già stata esportata per il commercialista: non si annulla, si storna o si fa una nota di credito.",
        "",
    ),
}
