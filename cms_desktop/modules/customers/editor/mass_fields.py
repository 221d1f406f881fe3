"""What the list of customers offers to change for many at once, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cms_desktop.core.mass_change import Sentence
from cms_desktop.documents.importing import RowText
from cms_desktop.modules.customers import mass_change, pasting
from cms_desktop.modules.customers.columns import customer_states
from cms_desktop.modules.customers.importing import CUSTOMERS
from cms_desktop.modules.customers.records import FormChoices
from cms_desktop.modules.registry.importing.fields import FIELD_TITLES
from cms_desktop.ui.form import FieldSpec
from cms_desktop.ui.import_wizard.words import said, words_of
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.mass_change import MassChange
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
