"""The presentation file of a RiBa batch (CBI-RIB-001): 120 ASCII capitals a line, CR LF, seven records a receipt between IB and EF."""

from __future__ import annotations

import re

from cms_desktop.core.errors import InvalidInput
from cms_desktop.core.fiscal import check_tax_code, compact
from cms_desktop.core.money import round_cents
from cms_desktop.modules.bank_effects.fixed_width import FIVE_DIGITS, bank_text, cents_of, date_field, file_of, text_field, two_fields
from cms_desktop.modules.bank_effects.riba.records import RibaBatch, RibaCreditor, RibaEffect

MOST_EFFECTS = (9_999_999 - 2) // 7  # the record count has seven digits
MOST_CENTS = 10**13 - 1


def riba_file(batch: RibaBatch) -> bytes:
    """The file to send. Raises `InvalidInput` for what the format cannot hold; over-long names are cut, accents dropped."""
    _check_creditor(batch)
    if not batch.effects:
        raise InvalidInput("La distinta è vuota: scegliere almeno un effetto.", field="effects")
    if len(batch.effects) > MOST_EFFECTS:
        raise InvalidInput("La distinta ha troppi effetti per un file: dividerla.", field="effects")
    lines = [_opening(batch)]
    total = 0
    for progressive, effect in enumerate(batch.effects, start=1):
        _check_effect(effect)
        total += cents_of(effect.amount)
        lines += _receipt(batch.creditor, effect, f"{progressive:07d}")
    lines.append(_closing(batch, total))
    return file_of(lines)


# ---- records ----------------------------------------------------------------------------------------------------------


def _frame(batch: RibaBatch) -> str:
    """Positions 4–45 of IB and EF: sender, receiving bank, day, name of the support."""
    creditor = batch.creditor
    return f"{text_field(creditor.sia_code, 5)}{creditor.abi}{date_field(batch.created_on)}{text_field(batch.support_name, 20)}{' ' * 6}"


def _opening(batch: RibaBatch) -> str:
    return f" IB{_frame(batch)}{' ' * 68}E{' ' * 6}"


def _closing(batch: RibaBatch, total: int) -> str:
    count = len(batch.effects)
    return f" EF{_frame(batch)}{count:07d}{total:015d}{0:015d}{7 * count + 2:07d}{' ' * 24}E{' ' * 6}"


def _receipt(creditor: RibaCreditor, effect: RibaEffect, progressive: str) -> list[str]:
    address = [*two_fields(creditor.name, 24), text_field(creditor.street, 24), text_field(creditor.city, 24)]
    address = [part for part in address if part.strip()]
    authorisation = bank_text(creditor.stamp_authorisation)
    return [
        f" 14{progressive}{' ' * 12}{date_field(effect.due_on)}30000{cents_of(effect.amount):013d}-{creditor.abi}{creditor.cab}"
        f"{text_field(creditor.account, 12)}{effect.debtor_abi}{effect.debtor_cab}{' ' * 12}{text_field(creditor.sia_code, 5)}4"
        f"{text_field(effect.customer_code, 16)}{'B' if effect.is_debtor_a_bank else ' '}{' ' * 5}E",
        f" 20{progressive}{''.join(address).ljust(96)}{' ' * 14}",
        f" 30{progressive}{''.join(two_fields(effect.debtor_name, 30))}{text_field(compact(effect.debtor_tax_code), 16)}{' ' * 34}",
        f" 40{progressive}{text_field(effect.debtor_street, 30)}{effect.debtor_postcode}{text_field(effect.debtor_city, 23)}"
        f"{text_field(effect.debtor_province, 2)}{text_field(effect.debtor_bank, 50)}",
        f" 50{progressive}{''.join(two_fields(effect.reference, 40))}{' ' * 10}{text_field(compact(creditor.tax_code), 16)}{' ' * 4}",
        f" 51{progressive}{effect.receipt_number:010d}{text_field(creditor.name, 20)}{text_field(creditor.stamp_office, 15)}"
        f"{authorisation.rjust(10, '0') if authorisation else ' ' * 10}{date_field(creditor.stamp_authorised_on)}{' ' * 49}",
        f" 70{progressive}{' ' * 110}",
    ]


# ---- checks -----------------------------------------------------------------------------------------------------------


def _check_creditor(batch: RibaBatch) -> None:
    creditor = batch.creditor
    if not re.fullmatch(r"[A-Z0-9]{5}", creditor.sia_code):
        raise InvalidInput("Il codice SIA dell'azienda ha 5 lettere o cifre: chiederlo alla banca e inserirlo nel conto.", field="sia_code")
    if not FIVE_DIGITS.fullmatch(creditor.abi) or not FIVE_DIGITS.fullmatch(creditor.cab):
        raise InvalidInput("Mancano ABI o CAB della banca di presentazione: completarli nel conto dell'azienda.", field="abi")
    if not re.fullmatch(r"[A-Z0-9]{1,12}", creditor.account):
        raise InvalidInput("Il numero del conto di presentazione ha al massimo 12 lettere o cifre: correggerlo.", field="account")
    if not bank_text(creditor.name):
        raise InvalidInput("Manca la denominazione dell'azienda: completarla nei dati dell'azienda.", field="name")
    if not creditor.tax_code or check_tax_code(creditor.tax_code):
        raise InvalidInput("Il codice fiscale dell'azienda non è valido: correggerlo nei dati dell'azienda.", field="tax_code")
    if creditor.stamp_authorisation and not re.fullmatch(r"[0-9]{1,10}", creditor.stamp_authorisation):
        raise InvalidInput("L'autorizzazione al bollo virtuale ha al massimo 10 cifre: correggerla.", field="stamp_authorisation")
    if not bank_text(batch.support_name) or len(bank_text(batch.support_name)) > 20:
        raise InvalidInput("Il nome del flusso ha da 1 a 20 caratteri: correggerlo.", field="support_name")


def _check_effect(effect: RibaEffect) -> None:
    def refuse(text: str, field: str) -> None:
        raise InvalidInput(text, field=field, number=effect.receipt_number, debtor=effect.debtor_name)

    if not 0 < effect.receipt_number < 10**10:
        refuse("{debtor}: il numero dell'effetto {number} ha più di 10 cifre o è negativo, rinumerarlo.", "receipt_number")
    if not effect.amount.is_finite() or effect.amount <= 0:
        refuse("Effetto {number} di {debtor}: l'importo deve essere maggiore di zero.", "amount")
    if effect.amount * 100 > MOST_CENTS:
        refuse("Effetto {number} di {debtor}: l'importo è troppo grande per una RiBa, dividerlo.", "amount")
    if round_cents(effect.amount) != effect.amount:
        refuse("Effetto {number} di {debtor}: l'importo ha più di due decimali, arrotondarlo.", "amount")
    if not FIVE_DIGITS.fullmatch(effect.debtor_abi):
        refuse("Effetto {number} di {debtor}: manca l'ABI della banca del cliente, completarlo nella sua scheda.", "debtor_abi")
    if not FIVE_DIGITS.fullmatch(effect.debtor_cab):
        refuse("Effetto {number} di {debtor}: manca il CAB della banca del cliente, completarlo nella sua scheda.", "debtor_cab")
    if not bank_text(effect.debtor_name):
        refuse("Effetto {number}: manca il nome del cliente, completare la sua scheda.", "debtor_name")
    if not effect.debtor_tax_code or check_tax_code(effect.debtor_tax_code):
        refuse("Effetto {number} di {debtor}: il codice fiscale non è valido, correggerlo nella scheda.", "debtor_tax_code")
    if not bank_text(effect.debtor_street) or not bank_text(effect.debtor_city):
        refuse("Effetto {number} di {debtor}: l'indirizzo è incompleto, completare via e comune.", "debtor_street")
    if not FIVE_DIGITS.fullmatch(effect.debtor_postcode):
        refuse("Effetto {number} di {debtor}: il CAP ha 5 cifre, correggerlo nella scheda.", "debtor_postcode")
    if not bank_text(effect.reference):
        refuse("Effetto {number} di {debtor}: manca il riferimento alla fattura, aggiungerlo.", "reference")
    if len(bank_text(effect.customer_code)) > 16:
        refuse("Effetto {number} di {debtor}: il codice cliente ha più di 16 caratteri, abbreviarlo.", "customer_code")
