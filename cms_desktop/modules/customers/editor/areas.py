"""The fiscal and the administrative area of a customer, declared."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from cms_desktop.core import fiscal
from cms_desktop.core.fiscal import Problem, bank_coordinates
from cms_desktop.modules.customers.columns import master as words
from cms_desktop.modules.customers.records import FormChoices
from cms_desktop.modules.customers.rules.master import CODES, WITHHOLDING_REASONS
from cms_desktop.ui.fields import MonthsField
from cms_desktop.ui.form import FieldProblem, FieldSpec, FormSection, Values
from cms_desktop.ui.translation import translator

tr = translator("customers")
PERCENT = {"lowest": Decimal(0), "highest": Decimal(100)}


def shown(problem: Problem | None) -> FieldProblem | None:
    """A fiscal problem as the form says it, with its repair."""
    if problem is None:
        return None
    text = translator("fiscal")(problem.text, **problem.values)
    return FieldProblem(text, problem.fix, tr("Usa {fix}", fix=problem.fix)) if problem.fix else FieldProblem(text)


def _check_length(key: str) -> Any:
    def check(value: Any, _values: Values) -> FieldProblem | None:
        code, length = str(value or ""), CODES[key]
        if len(code) == length and code.isalnum():
            return None
        return FieldProblem(tr("Ha {count} lettere o cifre: ricontrollalo.", count=length))

    return check


def _withheld(values: Values) -> bool:
    return bool(values.get("is_withholding"))


def _is_public(values: Values) -> bool:
    return values.get("kind") == "public_body"


def fiscal_sections(choices: FormChoices) -> Sequence[FormSection]:
    vat = [(one.choice_id, one.text) for one in choices.vat_codes]
    reasons = [(one, one) for one in WITHHOLDING_REASONS]
    return [
        FormSection(
            tr("IVA e bollo"),
            [
                [(FieldSpec("vat_code_id", tr("Titolo IVA"), "choice", choices=vat, note=tr("vale per tutte le righe"), options={"empty": tr("Come i servizi")}), 12)],
                [
                    (FieldSpec("exemption_reference", tr("Riferimento normativo"), note=tr("se diverso da quello del codice IVA"), options={"longest": 100}), 8),
                    (FieldSpec("exemption_ends_on", tr("Titolo valido fino al"), "date"), 4),
                ],
                [
                    (FieldSpec("is_split_payment", tr("Scissione dei pagamenti"), "check"), 6),
                    (FieldSpec("is_stamp_charged", tr("Bollo a carico del cliente"), "check"), 6),
                ],
            ],
        ),
        FormSection(
            tr("Ritenuta d'acconto"),
            [
                [(FieldSpec("is_withholding", tr("Il cliente trattiene la ritenuta"), "check"), 12)],
                [
                    (FieldSpec("withholding_kind", tr("Tipo di ritenuta"), "choice", choices=words.withholding_kinds(), visible=_withheld), 6),
                    (FieldSpec("withholding_reason", tr("Causale"), "choice", choices=reasons, note=tr("W per i condomìni"), visible=_withheld), 6),
                ],
                [
                    (FieldSpec("withholding_rate", tr("Aliquota %"), "amount", visible=_withheld, options=PERCENT), 6),
                    (FieldSpec("withholding_share", tr("Sull'imponibile, %"), "amount", visible=_withheld, options=PERCENT), 6),
                ],
            ],
        ),
        FormSection(
            tr("Pubblica amministrazione e ordini"),
            [
                [
                    (FieldSpec("ipa_code", tr("Codice IPA dell'ente"), "code", visible=_is_public, options={"longest": 20}), 5),
                    (FieldSpec("administration_reference", tr("Riferimento amministrazione"), visible=_is_public, options={"longest": 20}), 7),
                ],
                [
                    (FieldSpec("order_reference", tr("Ordine predefinito"), options={"longest": 20}), 4),
                    (FieldSpec("cig_code", tr("CIG predefinito"), "code", check=_check_length("cig_code"), options={"longest": 10}), 4),
                    (FieldSpec("cup_code", tr("CUP predefinito"), "code", check=_check_length("cup_code"), options={"longest": 15}), 4),
                ],
            ],
        ),
    ]  # fmt: skip


def _check_iban(value: Any, _values: Values) -> FieldProblem | None:
    return shown(fiscal.check_iban(value))


def _check_mail(value: Any, _values: Values) -> FieldProblem | None:
    return shown(fiscal.check_email(value))


def bank_words(iban: str) -> str:
    """ABI and CAB of an Italian IBAN, as the banks' forms ask for them."""
    found = bank_coordinates(iban)
    return tr("ABI {abi} · CAB {cab}", abi=found.abi, cab=found.cab) if found is not None else ""


def payment_sections(choices: FormChoices) -> Sequence[FormSection]:
    terms = [(one.choice_id, one.text) for one in choices.payment_terms]
    iban = FieldSpec("iban", tr("IBAN"), "code", check=_check_iban, normalise=fiscal.compact, ok_text=tr("IBAN corretto"))
    return [
        FormSection(
            tr("Pagamento"),
            [
                [(FieldSpec("payment_term_id", tr("Pagamento"), "choice", choices=terms, options={"empty": tr("Da scegliere")}), 12)],
                [
                    (FieldSpec("skipped_months", tr("Mesi in cui non paga"), make=lambda spec: MonthsField(spec.label, hint=tr("8, 12"), note=spec.note), note=tr("altrimenti quelli della condizione")), 8),
                    (FieldSpec("skipped_to_day", tr("paga il giorno"), "int", note=tr("del mese dopo"), options={"lowest": 1, "highest": 31}), 4),
                ],
            ],
        ),
        FormSection(
            tr("Banca d'appoggio"),
            [[(iban, 12)], [(FieldSpec("bank_name", tr("Banca")), 7), (FieldSpec("bank_branch", tr("Agenzia")), 5)]],
        ),
        FormSection(
            tr("Spese d'incasso RiBa"),
            [
                [
                    (FieldSpec("riba_fee_policy", tr("Addebito"), "choice", choices=words.riba_fee_policies()), 8),
                    (FieldSpec("riba_fee_amount", tr("Importo €"), "amount", note=tr("vuoto: dell'azienda"), visible=lambda values: values.get("riba_fee_policy") not in (None, "none"), options={"lowest": Decimal(0)}), 4),
                ]
            ],
        ),
        FormSection(
            tr("Fido e solleciti"),
            [
                [
                    (FieldSpec("credit_limit_amount", tr("Fido €"), "amount", note=tr("vuoto: nessun limite"), options={"lowest": Decimal(0)}), 6),
                    (FieldSpec("dunning_class", tr("Classe di sollecito"), "choice", choices=words.dunning_classes()), 6),
                ]
            ],
        ),
        FormSection(
            tr("Fatture"),
            [
                [
                    (FieldSpec("invoice_grouping", tr("Raggruppamento"), "choice", choices=words.groupings()), 6),
                    (FieldSpec("invoice_delivery", tr("Consegna"), "choice", choices=words.deliveries()), 6),
                ],
                [(FieldSpec("delivery_email", tr("Indirizzo per le copie"), check=_check_mail, note=tr("vuoto: quello dell'anagrafica"), visible=lambda values: values.get("invoice_delivery") in ("mail", "pec")), 12)],
            ],
        ),
    ]  # fmt: skip
