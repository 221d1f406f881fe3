"""What the list of customers offers to change for many at once, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cms_desktop.core.mass_change import Sentence
from cms_desktop.documents.importing import RowText
from cms_desktop.modules.customers import mass_change, mass_lists, pasting
from cms_desktop.modules.customers.columns import customer_states
from cms_desktop.modules.customers.columns.master import plant_kinds
from cms_desktop.modules.customers.importing import CUSTOMERS
from cms_desktop.modules.customers.records import FormChoices
from cms_desktop.modules.registry.importing.fields import FIELD_TITLES
from cms_desktop.ui.form import FieldSpec
from cms_desktop.ui.import_wizard.words import said, words_of
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.mass_change import MassChange
from cms_desktop.ui.mass_change import mass_change as mass_change_of
from cms_desktop.ui.paste_rows import PasteRows
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")


def reason_words() -> dict[str, str]:
    """Why a customer stays as it is, as the screen says it."""
    return {
        mass_change.NOT_SPLIT: tr("La scissione dei pagamenti vale per enti pubblici e società, non per privati e condomini."),
        mass_change.NOT_WITHHELD: tr("La ritenuta si applica solo da condomini e sostituti d'imposta, non da privati."),
        mass_change.HAS_CONTRACTS: tr("Ha contratti in corso: prima vanno terminati."),
    }


def mass_fields(choices: FormChoices) -> Sequence[FieldSpec]:
    states = [(key, words) for key, (words, _tone) in customer_states().items()]
    vat = [(one.choice_id, one.text) for one in choices.vat_codes]
    terms = [(one.choice_id, one.text) for one in choices.payment_terms]
    return [
        FieldSpec("payment_term_id", tr("Pagamento"), "choice", choices=terms, options={"empty": tr("Da scegliere")}),
        FieldSpec("vat_code_id", tr("Regime IVA"), "choice", choices=vat, options={"empty": tr("Come i servizi")}),
        FieldSpec("state", tr("Stato"), "choice", choices=states),
        FieldSpec("is_split_payment", tr("Scissione dei pagamenti"), "check"),
        FieldSpec("is_withholding", tr("Ritenuta d'acconto"), "check"),
        FieldSpec("is_stamp_charged", tr("Bollo a carico del cliente"), "check"),
        FieldSpec("bank_name", tr("Banca d'appoggio")),
    ]


def attach(page: ListPage, workplace: Workplace, choices: Callable[[], FormChoices]) -> MassChange:
    """Give the list of customers its mass change."""
    change = MassChange(
        page, workplace, fields=lambda: mass_fields(choices()), preview=mass_change.preview, apply=mass_change.apply, undo=mass_change.undo,
        recent=mass_change.recent, record_id=lambda one: one.customer_id, required="customers.write",
        words=lambda text: reason_words().get(text, text),
    )  # fmt: skip
    PasteRows(
        page, workplace, fields=lambda: [(key, said(CUSTOMERS, title)) for key, title in FIELD_TITLES.items()], propose=pasting.propose, check=pasting.check,
        paste=pasting.paste, undo=change.undo, required=("customers.write", "base.mass_change"), words=sentence_words,
    )  # fmt: skip
    return change


def sentence_words(sentence: Sentence) -> str:
    """A sentence about a pasted row in the language of the screen; those about fiscal codes have their own catalogue."""
    return words_of(CUSTOMERS, RowText(sentence.text, sentence.values))


def attach_contracts(page: ListPage, workplace: Workplace, terms: Callable[[], Sequence[tuple[int, str]]]) -> MassChange:
    """Give the list of contracts its mass change; `terms` are the payment terms to choose from."""
    channels = (("registered", tr("raccomandata A/R")), ("pec", tr("PEC")), ("any", tr("qualsiasi mezzo")))

    def fields() -> list[FieldSpec]:
        return [
            FieldSpec("payment_term_id", tr("Pagamento"), "choice", choices=list(terms()), options={"empty": tr("Come il cliente")}),
            FieldSpec("order_reference", tr("Riferimento d'ordine")),
            FieldSpec("cig_code", tr("CIG"), "code", options={"longest": 10}),
            FieldSpec("cup_code", tr("CUP"), "code", options={"longest": 15}),
            FieldSpec(
                "profile",
                tr("Profilo"),
                "choice",
                choices=(("business", tr("Impresa o ente")), ("consumer", tr("Consumatore"))),
                required=True,
            ),
            FieldSpec("notice_channel", tr("Disdetta con"), "choice", choices=channels, required=True),
            FieldSpec("is_indexed", tr("Adeguamento ISTAT"), "check"),
        ]

    words = {mass_lists.IS_OVER: tr("Il contratto è terminato.")}
    return mass_change_of(page, workplace, mass_lists.CONTRACTS, fields, lambda one: one.contract_id, lambda text: words.get(text, text))


def attach_sites(page: ListPage, workplace: Workplace) -> MassChange:
    """Give the list of sites its mass change."""
    fields = [
        FieldSpec("is_active", tr("Sede in uso"), "check"), FieldSpec("phone", tr("Telefono")),
        FieldSpec("instructions", tr("Istruzioni per la pattuglia"), "multiline", options={"lines": 3}),
    ]  # fmt: skip
    return mass_change_of(page, workplace, mass_lists.SITES, lambda: fields, lambda one: one.site_id)


def attach_plants(page: ListPage, workplace: Workplace) -> MassChange:
    """Give the list of plants its mass change."""
    fields = [
        FieldSpec("kind", tr("Tipo"), "choice", choices=list(plant_kinds().items()), required=True), FieldSpec("maker", tr("Centrale")),
        FieldSpec("description", tr("Descrizione")), FieldSpec("notes", tr("Annotazioni"), "multiline", options={"lines": 3}),
    ]  # fmt: skip
    return mass_change_of(page, workplace, mass_lists.PLANTS, lambda: fields, lambda one: one.plant_id)
