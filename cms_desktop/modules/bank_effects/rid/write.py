"""The presentation file of RID (CBI-RID-001): 120 ASCII capitals a line, CR LF, seven records or more a debit between IR and EF.

The debtor is named by the reference of the mandate (kind of code 4, the customer's), at most 16 characters; amounts are negative.
"""

from __future__ import annotations

import re
from decimal import Decimal

from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.fiscal import bank_coordinates, check_iban
from cms_desktop.core.money import round_cents
from cms_desktop.modules.bank_effects.fixed_width import bank_text, cents_of, date_field, file_of, text_field, two_fields
from cms_desktop.modules.bank_effects.sdd.records import Debit, DebitBatch

MOST_CENTS = 10**13 - 1
CUSTOMER_CODE = "4"
LONGEST_MANDATE, REFERENCE = 16, 90
_SIA = re.compile(r"[A-Z0-9]{5}")


def rid_file(batch: DebitBatch, sia_code: str, support_name: str) -> bytes:
    """The file to send. Raises InvalidInput for what the format cannot hold; over-long names are cut, accents dropped.

    `sia_code`: the company's code at the bank; `support_name`: unique for sender, bank and day, at most 20 characters.
    """
    _check(batch, sia_code, support_name)
    frame = f"{sia_code}{batch.creditor.iban[5:10]}{date_field(batch.made_at.date())}{text_field(support_name, 20)}{' ' * 6}"
    lines = [f" IR{frame}{' ' * 68}E{' ' * 6}"]
    for progressive, debit in enumerate(batch.debits, start=1):
        lines += _records(batch, debit, sia_code, f"{progressive:07d}")
    total = cents_of(batch.total)
    lines.append(f" EF{frame}{len(batch.debits):07d}{total:015d}{0:015d}{len(lines) + 1:07d}{' ' * 24}E{' ' * 6}")
    return file_of(lines)


def _records(batch: DebitBatch, debit: Debit, sia_code: str, progressive: str) -> list[str]:
    ours, theirs = batch.creditor.iban, debit.debtor_iban
    reference = bank_text(debit.reference)[:REFERENCE]
    return [
        f" 10{progressive}{' ' * 12}{date_field(debit.due_on)}50000{cents_of(debit.amount):013d}-{ours[5:15]}{ours[15:]}{theirs[5:15]}{' ' * 12}"
        f"{sia_code}{CUSTOMER_CODE}{text_field(debit.mandate, LONGEST_MANDATE)}{' ' * 6}E",
        f" 16{progressive}{ours}{' ' * 7}{text_field(batch.creditor.identifier, 35)}{' ' * 41}",
        f" 17{progressive}{theirs}{debit.sequence}{date_field(debit.signed_on)}{' ' * 73}",
        f" 20{progressive}{''.join(two_fields(batch.creditor.name, 30)).ljust(90)}{' ' * 20}",
        f" 30{progressive}{''.join(two_fields(debit.debtor_name, 30)).ljust(90)}{' ' * 20}",
        f" 50{progressive}{reference.ljust(REFERENCE)}{' ' * 20}",
        f" 70{progressive}{debit.number:015d}{' ' * 95}",
    ]


def _check(batch: DebitBatch, sia_code: str, support_name: str) -> None:
    if not batch.debits:
        raise InvalidInput("La distinta è vuota: scegliere almeno un addebito.", field="debits")
    if not _SIA.fullmatch(sia_code):
        raise InvalidInput("Il codice SIA dell'azienda ha 5 lettere o cifre: chiederlo alla banca e inserirlo nel conto.", field="sia_code")
    if not bank_text(support_name) or len(bank_text(support_name)) > 20:
        raise InvalidInput("Il nome del flusso ha da 1 a 20 caratteri: correggerlo.", field="support_name")
    if check_iban(batch.creditor.iban) or bank_coordinates(batch.creditor.iban) is None:
        raise InvalidInput("L'IBAN del conto di accredito non è valido: correggerlo nel conto dell'azienda.", field="iban")
    for debit in batch.debits:
        _check_debit(debit)


def _check_debit(debit: Debit) -> None:
    def refuse(text: str, field: str) -> None:
        raise InvalidInput(text, field=field, number=debit.number, debtor=debit.debtor_name)

    if not 0 < debit.number < 10**15:
        refuse("{debtor}: il numero dell'addebito deve essere positivo, rinumerarlo.", "number")
    if not debit.amount.is_finite() or not Decimal(0) < debit.amount * 100 <= MOST_CENTS or round_cents(debit.amount) != debit.amount:
        refuse("Addebito {number} di {debtor}: l'importo deve essere maggiore di zero e avere due decimali.", "amount")
    if check_iban(debit.debtor_iban) or bank_coordinates(debit.debtor_iban) is None:
        refuse("Addebito {number} di {debtor}: per un RID serve un IBAN italiano valido, correggerlo nel mandato.", "debtor_iban")
    if not bank_text(debit.mandate) or len(bank_text(debit.mandate)) > LONGEST_MANDATE:
        refuse("Addebito {number} di {debtor}: per un RID il riferimento del mandato ha al massimo 16 caratteri.", "mandate")
    if not bank_text(debit.debtor_name):
        refuse("Addebito {number}: manca il nome del cliente, completare la sua scheda.", "debtor_name")
    if not bank_text(debit.reference):
        refuse("Addebito {number} di {debtor}: manca il riferimento alla fattura, aggiungerlo.", "reference")
