"""What a file of direct debits must fulfil before a bank sees it; each refusal names the debtor and says what to do."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal

from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.fiscal import check_creditor_identifier, check_iban
from cms_desktop.core.money import round_cents
from cms_desktop.modules.bank_effects.sdd.forms import Form
from cms_desktop.modules.bank_effects.sdd.records import Debit, DebitBatch

MOST_AMOUNT = Decimal("999999999.99")  # SEPA, AT-06
_IDENTIFIER = re.compile(r"(?!/)(?!.*//)[A-Za-z0-9/?:().,'+ -]{1,35}(?<!/)")  # EPC: no slash at the ends, no two in a row
_CUC = re.compile(r"[A-Z0-9]{8}")


def check_batch(batch: DebitBatch, form: Form, *, with_body: bool) -> None:
    """Raises InvalidInput for the first thing wrong."""
    creditor = batch.creditor
    if not batch.debits:
        raise InvalidInput("La distinta è vuota: scegliere almeno un addebito.", field="debits")
    if check_creditor_identifier(creditor.identifier):
        raise InvalidInput("L'identificativo del creditore SEPA non è valido: correggerlo nei dati dell'azienda.", field="identifier")
    if check_iban(creditor.iban) or creditor.iban[:2] not in ("IT", "SM"):
        raise InvalidInput("L'IBAN del conto di accredito non è valido: correggerlo nel conto dell'azienda.", field="iban")
    if form.is_cbi and not _CUC.fullmatch(creditor.cuc):
        raise InvalidInput("Il codice CUC ha 8 lettere o cifre: chiederlo alla banca e inserirlo nel conto.", field="cuc")
    if not _IDENTIFIER.fullmatch(batch.message):
        raise InvalidInput("Il nome del flusso ha da 1 a 35 caratteri senza accenti: correggerlo.", field="message")
    if with_body and (not form.is_cbi or len({one.scheme for one in batch.debits}) > 1):
        raise InvalidInput("Il corpo fisico CBI contiene addebiti di un solo schema (CORE o B2B): fare due distinte.", field="debits")
    for debit in batch.debits:
        _check_debit(debit)
    number, times = Counter(one.number for one in batch.debits).most_common(1)[0]
    if times > 1:
        raise InvalidInput("Il numero {number} compare due volte nella distinta: rinumerare gli addebiti.", field="number", number=number)


def _check_debit(debit: Debit) -> None:
    def refuse(text: str, field: str) -> None:
        raise InvalidInput(text, field=field, number=debit.number, debtor=debit.debtor_name)

    if debit.number <= 0:
        refuse("{debtor}: il numero dell'addebito deve essere positivo, rinumerarlo.", "number")
    if not debit.amount.is_finite() or debit.amount <= 0 or debit.amount > MOST_AMOUNT or round_cents(debit.amount) != debit.amount:
        refuse("Addebito {number} di {debtor}: l'importo va da 0,01 a 999.999.999,99 euro.", "amount")
    if not _IDENTIFIER.fullmatch(debit.mandate):
        refuse("Addebito {number} di {debtor}: il riferimento del mandato ha da 1 a 35 caratteri senza accenti, correggerlo.", "mandate")
    if not _IDENTIFIER.fullmatch(debit.end_to_end):
        refuse("Addebito {number} di {debtor}: il riferimento dell'operazione ha da 1 a 35 caratteri senza accenti.", "end_to_end")
    if check_iban(debit.debtor_iban):
        refuse("Addebito {number} di {debtor}: l'IBAN non è valido, correggerlo nel mandato.", "debtor_iban")
    if debit.signed_on > debit.due_on:
        refuse("Addebito {number} di {debtor}: il mandato è firmato dopo la scadenza, correggere la data.", "signed_on")
    if not re.search(r"[A-Za-z0-9]", debit.debtor_name):
        refuse("Addebito {number}: manca il nome del cliente, completare la sua scheda.", "debtor_name")
    if not re.search(r"[A-Za-z0-9]", debit.reference):
        refuse("Addebito {number} di {debtor}: manca il riferimento alla fattura, aggiungerlo.", "reference")
    change = debit.amendment
    if change is not None and not (change.old_mandate or change.old_identifier or change.old_name or change.old_iban):
        refuse("Addebito {number} di {debtor}: la modifica del mandato non dice che cosa è cambiato.", "amendment")
