"""What the fields of records are called on the screen, for Storico and the register of changes."""

from __future__ import annotations

from collections.abc import Mapping

from cms_desktop.ui.translation import translator

tr = translator("masters")


def field_words() -> Mapping[str, str]:
    """Words of columns that mean the same in every table."""
    return {
        "undone_at": tr("Annullato il"), "undone_by": tr("Annullato da"), "list": tr("Elenco"), "view": tr("Vista"),
        "last_number": tr("Ultimo numero"), "lines": tr("Somma delle righe"), "summary": tr("Riepilogo"), "expected": tr("Atteso"),
        "computed": tr("Calcolato"), "posted": tr("Registrato"), "items": tr("Somma delle scadenze"), "allocated": tr("Abbinato"),
        "effects": tr("Effetti trovati"), "difference": tr("Differenza"), "entries": tr("Voci sigillate"), "found": tr("Voci trovate"),
        "invoices": tr("Fatture trovate"), "paid_by": tr("Cliente che ha pagato"), "owed_by": tr("Cliente che doveva"), "due": tr("Dovuto"),
        "covered_to": tr("Coperto fino al"), "again_from": tr("Di nuovo dal"), "net": tr("Imponibile trovato"),
        "effect_count": tr("Numero di effetti"), "open_amount": tr("Aperto"), "month_on": tr("Mese"), "before_on": tr("Data precedente"),
        "account_id": tr("Conto"), "allocation_id": tr("Abbinamento"), "amount": tr("Importo"), "anchor_month": tr("Primo mese"),
        "bank_account_id": tr("Conto bancario"), "bank_name": tr("Banca"), "bic": tr("BIC"), "billing_run_id": tr("Lancio"),
        "body": tr("Testo"), "branch": tr("Filiale"), "buyer": tr("Cliente in fattura"), "cig_code": tr("CIG"), "code": tr("Codice"),
        "content": tr("Contenuto"), "contract_id": tr("Contratto"), "country": tr("Paese"), "created_at": tr("Creato il"),
        "created_by": tr("Creato da"), "credit_amount": tr("Avere"), "credit_line_amount": tr("Affidamento"),
        "creditor_identifier": tr("Identificativo del creditore"), "cuc_code": tr("Codice CUC"), "cup_code": tr("CUP"),
        "customer_id": tr("Cliente"), "days": tr("Giorni"), "debit_amount": tr("Dare"), "description": tr("Descrizione"),
        "display_name": tr("Nome e cognome"), "document_number": tr("Numero documento"), "document_on": tr("Data documento"),
        "document_series_id": tr("Sezionale"), "document_type": tr("Tipo di documento"), "due_from": tr("Scadenze dal"),
        "due_on": tr("Scadenza"), "due_to": tr("Scadenze al"), "easter_offset": tr("Giorni dopo Pasqua"), "effect_batch_id": tr("Distinta"),
        "effect_id": tr("Effetto"), "email": tr("E-mail"), "ends_on": tr("Fine"), "exclusion_reason": tr("Motivo dell'esclusione"),
        "exigibility": tr("Esigibilità"), "expires_on": tr("Scade il"), "file_name": tr("File"), "first_name": tr("Nome di battesimo"),
        "fiscal_regime": tr("Regime fiscale"), "fixed_day": tr("Giorno fisso"), "frequency_months": tr("Ogni quanti mesi"),
        "function": tr("Funzione"), "granted_at": tr("Data il"), "grouping": tr("Raggruppamento"), "iban": tr("IBAN"),
        "installment": tr("Rata"), "invoice_id": tr("Fattura"), "is_active": tr("In uso"), "is_capital_paid_up": tr("Capitale versato"),
        "is_default": tr("Predefinito"), "is_excluded": tr("Esclusa"), "is_in_advance": tr("Anticipato"),
        "is_in_liquidation": tr("In liquidazione"), "is_living": tr("In corso"), "is_public_body": tr("Per enti pubblici"),
        "is_sole_holder": tr("Socio unico"), "is_split_payment": tr("Scissione dei pagamenti"), "is_stamp_charged": tr("Bollo addebitato"),
        "is_suspended": tr("Sospeso"), "is_withholding": tr("Ritenuta"), "is_yearly": tr("Ogni anno"), "istat_code": tr("Comune (ISTAT)"),
        "issued_at": tr("Emesso il"), "issued_by": tr("Emesso da"), "job_title": tr("Mansione"), "journal_entry_id": tr("Registrazione"),
        "key": tr("Parametro"), "kind": tr("Tipo"), "language": tr("Lingua"), "last_name": tr("Cognome"),
        "legal_reference": tr("Riferimento normativo"), "letterhead_foot": tr("Piede della carta"),
        "letterhead_lines": tr("Righe della carta"), "line_amount": tr("Importo di riga"), "line_no": tr("Riga"),
        "locked_until": tr("Bloccata fino al"), "login": tr("Utente"), "media_type": tr("Formato"), "method": tr("Modo di pagamento"),
        "monthly_price": tr("Canone mensile"), "must_change_password": tr("Deve cambiare password"), "name": tr("Denominazione"),
        "nature": tr("Natura"), "net_amount": tr("Imponibile"), "note": tr("Nota"), "notes": tr("Note"), "number": tr("Numero"),
        "on_date": tr("Data"), "open_item_id": tr("Partita"), "order_reference": tr("Ordine del cliente"), "outcome_on": tr("Esito del"),
        "party_id": tr("Anagrafica"), "password_changed_at": tr("Password cambiata il"), "payable_amount": tr("Da pagare"),
        "payment_id": tr("Incasso"), "payment_term_id": tr("Condizione di pagamento"), "pec": tr("PEC"), "period_end": tr("Periodo al"),
        "period_start": tr("Periodo dal"), "person_id": tr("Persona"), "phone": tr("Telefono"), "pixel_height": tr("Altezza in punti"),
        "pixel_width": tr("Larghezza in punti"), "position": tr("Posizione"), "postal_code": tr("CAP"), "presented_at": tr("Presentata il"),
        "presented_by": tr("Presentata da"), "province_code": tr("Provincia"), "quantity": tr("Quantità"), "rank": tr("Livello"),
        "rate": tr("Aliquota"), "rea_number": tr("Numero REA"), "rea_office": tr("Ufficio REA"), "reason": tr("Motivo"),
        "recipient_code": tr("Codice destinatario"), "reference": tr("Riferimento"), "replaced_by": tr("Sostituito da"), "role": tr("Ruolo"),
        "role_name": tr("Ruolo sul server"), "rule": tr("Decorrenza"), "sent_at": tr("Inviato il"), "service_id": tr("Servizio"),
        "settled_amount": tr("Saldato"), "share": tr("Quota"), "share_capital": tr("Capitale sociale"), "sia_code": tr("Codice SIA"),
        "since_on": tr("Cliente dal"), "source": tr("Origine"), "skipped_months": tr("Mesi esclusi"), "skipped_to_day": tr("Giorno dopo i mesi esclusi"), "stamp_amount": tr("Bollo"), "starts_on": tr("Inizio"), "state": tr("Stato"),
        "street": tr("Via"), "street_number": tr("Numero civico"), "subject": tr("Oggetto"), "tax_code": tr("Codice fiscale"),
        "title": tr("Titolo"), "total_amount": tr("Totale"), "town": tr("Comune"), "unit_price": tr("Prezzo unitario"),
        "valid_from": tr("Vale dal"), "valid_to": tr("Vale fino al"), "value": tr("Valore"), "vat_amount": tr("IVA"),
        "vat_code_id": tr("Codice IVA"), "vat_country": tr("Paese della partita IVA"), "vat_number": tr("Partita IVA"),
        "website": tr("Sito"), "year": tr("Anno"),
    }  # fmt: skip


def further_words() -> Mapping[str, str]:
    """Words of columns that only few tables have."""
    return {
        "about_file": tr("File di riferimento"), "accepted_on": tr("Accettata il"), "acts_for": tr("Può agire per"),
        "administration_reference": tr("Riferimento amministrazione"), "agent_share": tr("Quota del produttore"),
        "agreed_on": tr("Concordato il"), "answered_at": tr("Risposto il"), "assigned_at": tr("Affidata il"), "at": tr("Quando"),
        "audience": tr("A chi"), "band": tr("Fascia"), "bank_branch": tr("Filiale della banca"), "base_on": tr("Mese base"),
        "billed_until": tr("Fatturato fino al"), "bounce_reason": tr("Motivo dello storno"), "bounced_on": tr("Stornato il"),
        "byte_count": tr("Misura in byte"), "call_order": tr("Ordine di chiamata"), "changed_at": tr("Modificato il"),
        "channel": tr("Canale"), "consumed_amount": tr("Consumato"), "created_on": tr("Creata il"), "credit_limit_amount": tr("Fido"),
        "debtor": tr("Debitore"), "debtor_abi": tr("ABI del debitore"), "debtor_cab": tr("CAB del debitore"), "deed": tr("Atto"),
        "delivered_at": tr("Consegnato il"), "delivery_email": tr("E-mail per le fatture"), "deposit_amount": tr("Deposito cauzionale"),
        "deposit_received_on": tr("Deposito versato il"), "deposit_returned_on": tr("Deposito restituito il"), "done_at": tr("Fatta il"),
        "dunning_class": tr("Classe di sollecito"), "duration_months": tr("Durata in mesi"), "end_reason": tr("Motivo della fine"),
        "erased_on": tr("Cancellata il"), "errors": tr("Errori"), "exemption_ends_on": tr("Esenzione fino al"),
        "exemption_reference": tr("Titolo di esenzione"), "fax": tr("Fax"), "first_billed_on": tr("Prima fattura"),
        "free_quota": tr("Franchigia"), "from_state": tr("Da stato"), "happened_on": tr("Avvenuto il"),
        "holder_name": tr("Intestatario del conto"), "holder_tax_code": tr("Codice fiscale dell'intestatario"),
        "holds_keys": tr("Ha le chiavi"), "hourly_cost": tr("Costo orario"), "index_base_on": tr("Mese base ISTAT"),
        "index_cap": tr("Aumento massimo %"), "index_floor": tr("Aumento minimo %"), "index_month": tr("Mese di adeguamento"),
        "index_share": tr("Quota della variazione"), "installed_on": tr("Installato il"), "instructions": tr("Istruzioni"),
        "invoice_delivery": tr("Consegna delle fatture"), "invoice_grouping": tr("Raggruppamento fatture"),
        "ipa_code": tr("Codice ufficio IPA"), "is_applied": tr("Applicato"), "is_index_excluded": tr("Escluso dall'ISTAT"),
        "is_indexed": tr("Clausola ISTAT"), "is_one_off": tr("Una volta sola"), "is_private": tr("Riservata"),
        "is_receipt_signed": tr("Ricevuta firmata"), "issued_on": tr("Emesso il giorno"), "job": tr("Incarico"),
        "kept_at": tr("Custodito in"), "last_collected_on": tr("Ultimo incasso"), "latitude": tr("Latitudine"),
        "longitude": tr("Longitudine"), "lot_name": tr("Lotto"), "maker": tr("Produttore"), "message_number": tr("Messaggio n."),
        "minimum_quantity": tr("Minimo"), "minutes": tr("Minuti"), "mobile": tr("Cellulare"), "mode": tr("Come"),
        "new_end_on": tr("Nuova fine"), "new_price": tr("Prezzo nuovo"), "new_value": tr("Valore nuovo"),
        "notice_channel": tr("Disdetta con"), "notice_count": tr("Disdetta entro"), "notice_unit": tr("Unità della disdetta"),
        "old_end_on": tr("Fine precedente"), "old_price": tr("Prezzo precedente"), "old_value": tr("Valore precedente"),
        "oldest_due_on": tr("Scadenza più vecchia"), "origin": tr("Provenienza"), "outcome": tr("Esito"), "percent": tr("Percentuale"),
        "piece_count": tr("Numero di pezzi"), "plafond_amount": tr("Plafond"), "planned_quantity": tr("Quantità prevista"),
        "price": tr("Prezzo"), "price_locked_until": tr("Prezzo bloccato fino al"), "private_phone": tr("Telefono privato"),
        "pro_rata": tr("Rateo"), "profile": tr("Profilo"), "protocol": tr("Protocollo"), "quota_months": tr("Mesi della franchigia"),
        "reasons": tr("Motivi"), "receipt_number": tr("Ricevuta n."), "received_at": tr("Ricevuto il"),
        "received_from": tr("Ricevuto da"), "received_on": tr("Ricevuto il giorno"), "recipient_name": tr("Destinatario"),
        "refused_count": tr("Volte rifiutato"), "refused_on": tr("Rifiutato il"), "remind_at": tr("Promemoria"),
        "removed_at": tr("Tolto il"), "removed_on": tr("Tolto il giorno"), "renewal_months": tr("Rinnovo in mesi"),
        "report": tr("Rapporto"), "returned_on": tr("Restituito il"), "returned_to": tr("Restituito a"), "revoked_on": tr("Revocato il"),
        "riba_fee_amount": tr("Spese RiBa"), "riba_fee_policy": tr("Addebito spese RiBa"), "row_before": tr("Com'era"),
        "scheme": tr("Schema"), "sdi_identifier": tr("Identificativo SdI"), "seal": tr("Sigillo"), "sent_on": tr("Inviato il giorno"),
        "sequence_state": tr("Punto della sequenza"), "sha256": tr("Impronta SHA-256"), "signed_on": tr("Firmato il"),
        "sort_order": tr("Ordine"), "spoken_to": tr("Parlato con"), "state_on": tr("Stato dal"),
        "state_reason": tr("Motivo dello stato"), "subject_table": tr("Di che cosa"), "operation": tr("Operazione"),
        "table_name": tr("Tabella"), "column_name": tr("Campo"), "task_state": tr("Stato dell'attività"), "to_state": tr("A stato"),
        "unallocated_amount": tr("Da abbinare"), "until_on": tr("Fino al"), "value_before": tr("Valore prima"),
        "verdict": tr("Verdetto"), "version": tr("Versione"), "withdrawn_on": tr("Revocato il giorno"),
        "withdrawn_origin": tr("Provenienza della revoca"), "withholding_kind": tr("Tipo di ritenuta"),
        "withholding_rate": tr("Aliquota della ritenuta"), "withholding_reason": tr("Causale della ritenuta"),
        "withholding_share": tr("Imponibile della ritenuta %"), "words": tr("Testo della nota"), "work_phone": tr("Telefono ufficio"),
        "worked_on": tr("Giorno di lavoro"),
    }  # fmt: skip


def field_word(field: str) -> str:
    """What a field is called; a field nobody named yet shows its own name, readable."""
    return field_words().get(field) or further_words().get(field) or field.removesuffix("_id").replace("_", " ").capitalize()
