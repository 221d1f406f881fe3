"""Azienda: the company's own fiscal data."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from cms_desktop.core.errors import AppError, Conflict, InvalidInput
from cms_desktop.core.fiscal import check_email, check_postcode, check_tax_code, check_vat_number
from cms_desktop.modules.base import actions, queries
from cms_desktop.modules.base.editor.checks import fiscal
from cms_desktop.modules.base.editor.company_images import CompanyImages
from cms_desktop.modules.base.editor.letterhead import LetterheadPreview
from cms_desktop.modules.base.records import StoredRecord
from cms_desktop.ui.basics import boxed, column, row
from cms_desktop.ui.cards import Card
from cms_desktop.ui.drafts import FormDraft
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.form import FieldSpec, FormSection, RecordForm, merge_if_apart, resolve_conflict
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("base")
FORM_WIDTH, PAPER_WIDTH = 900, 380


def fiscal_regimes() -> list[tuple[str, str]]:
    """FatturaPA RegimeFiscale, every value of the list."""
    return [
        ("RF01", tr("RF01 Ordinario")),
        ("RF02", tr("RF02 Contribuenti minimi")),
        ("RF04", tr("RF04 Agricoltura e pesca")),
        ("RF05", tr("RF05 Sali e tabacchi")),
        ("RF06", tr("RF06 Fiammiferi")),
        ("RF07", tr("RF07 Editoria")),
        ("RF08", tr("RF08 Telefonia pubblica")),
        ("RF09", tr("RF09 Rivendita di documenti di trasporto e sosta")),
        ("RF10", tr("RF10 Intrattenimenti e giochi")),
        ("RF11", tr("RF11 Agenzie di viaggi")),
        ("RF12", tr("RF12 Agriturismo")),
        ("RF13", tr("RF13 Vendite a domicilio")),
        ("RF14", tr("RF14 Beni usati, arte, antiquariato")),
        ("RF15", tr("RF15 Aste di beni usati e d'arte")),
        ("RF16", tr("RF16 IVA per cassa verso enti pubblici")),
        ("RF17", tr("RF17 IVA per cassa")),
        ("RF18", tr("RF18 Altro")),
        ("RF19", tr("RF19 Forfettario")),
        ("RF20", tr("RF20 Franchigia transfrontaliera")),
    ]


def _sections() -> list[FormSection]:
    holders = [(True, tr("Socio unico")), (False, tr("Più soci"))]
    return [
        FormSection(tr("Dati fiscali"), [
            [(FieldSpec("name", tr("Denominazione"), required=True), 8), (FieldSpec("fiscal_regime", tr("Regime fiscale"), "choice", choices=fiscal_regimes()), 4)],
            [(FieldSpec("vat_number", tr("Partita IVA"), "code", required=True, check=fiscal(check_vat_number), ok_text=tr("Partita IVA corretta")), 4),
             (FieldSpec("tax_code", tr("Codice fiscale"), "code", check=fiscal(check_tax_code)), 4)],
        ]),
        FormSection(tr("Sede"), [
            [(FieldSpec("street", tr("Via")), 8), (FieldSpec("street_number", tr("Numero civico")), 4)],
            [(FieldSpec("postal_code", tr("CAP"), "code", check=fiscal(check_postcode), options={"longest": 5}), 3), (FieldSpec("town", tr("Comune")), 6),
             (FieldSpec("province_code", tr("Provincia"), "code", options={"longest": 2}), 3)],
        ]),
        FormSection(tr("Registro delle imprese"), [
            [(FieldSpec("rea_office", tr("Ufficio REA"), "code", options={"longest": 2}), 3), (FieldSpec("rea_number", tr("Numero REA"), "code"), 3),
             (FieldSpec("share_capital", tr("Capitale sociale"), "amount"), 3),
             (FieldSpec("is_sole_holder", tr("Soci"), "choice", choices=holders, options={"empty": tr("Non indicato")}), 3)],
            [(FieldSpec("is_capital_paid_up", tr("Capitale interamente versato"), "check"), 6), (FieldSpec("is_in_liquidation", tr("In liquidazione"), "check"), 6)],
        ]),
        FormSection(tr("Recapiti"), [
            [(FieldSpec("pec", tr("PEC"), check=fiscal(check_email)), 6), (FieldSpec("email", tr("E-mail"), check=fiscal(check_email)), 6)],
            [(FieldSpec("phone", tr("Telefono")), 6), (FieldSpec("website", tr("Sito")), 6)],
        ]),
        FormSection(tr("Carta intestata"), [
            [(FieldSpec("letterhead_lines", tr("Altre righe in testa"), "multiline", note=tr("licenza del Prefetto, sedi operative"), options={"lines": 2}), 6),
             (FieldSpec("letterhead_foot", tr("Altre righe al piede"), "multiline", note=tr("certificazioni, coordinate bancarie"), options={"lines": 2}), 6)],
        ]),
    ]  # fmt: skip


class CompanyPage(QWidget):
    dirty_changed = Signal(bool)
    loaded = Signal()
    tables = frozenset({"base.company", "base.company_image"})

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.record: StoredRecord | None = None
        self.problem = InlineMessage("negative", "")
        self.problem.hide()
        self.form = RecordForm(_sections())
        self.draft = FormDraft(self.form, workplace, "base.company", page="company")
        self.form.save_wanted.connect(self.save)
        self.form.dirty_changed.connect(self.dirty_changed)
        self.letterhead = LetterheadPreview()
        for changed in (self.form.edited, self.form.dirty_changed):
            changed.connect(self._show_letterhead)
        form_card = boxed(column(self.form, margins=(1, 6, 1, 6)), card="true")
        form_card.setMaximumWidth(FORM_WIDTH)
        self.images = CompanyImages(workplace)
        self.images.logo_changed.connect(self._on_logo)
        images = Card(tr("Logo e firma"), self.images)
        paper = Card(tr("Carta intestata"), boxed(column(self.letterhead, None, spacing=0, margins=(16, 4, 16, 16))))
        for one in (images, paper):
            one.setFixedWidth(PAPER_WIDTH)
            one.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        beside = column(images, paper, None, spacing=12)
        body = row(None, form_card, beside, None, spacing=12, margins=(16, 12, 16, 16))
        body.setStretchFactor(form_card, 1000)
        layout = column(self.problem, self.draft.strip, body, spacing=0)
        layout.setStretchFactor(body, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.form.fields["name"].editor)

    def is_dirty(self) -> bool:
        return self.form.is_dirty

    def reload(self) -> None:
        self._workplace.background.run(self, queries.find_company, then=self._show, failed=self._on_failed, key="company")
        self.images.reload()

    def _show(self, record: StoredRecord) -> None:
        if self.form.is_dirty and self.record is not None:
            if record.row_version == self.record.row_version or self.form.is_saving:
                return
            if merge_if_apart(self.form, record.values):
                self._adopt(record)
            else:
                self.problem.set_message(
                    "warning", tr("Un collega ha appena cambiato gli stessi campi: al salvataggio scegli quali tenere.")
                )
            return
        self._take(record)
        self.form.set_read_only(not self._workplace.may("base.administer"))
        self.loaded.emit()

    def _show_letterhead(self, *_what: object) -> None:
        self.letterhead.show_values(self.form.values())

    def _on_logo(self, content: bytes) -> None:
        self.letterhead.show_logo(content)

    def save(self) -> None:
        record = self.record
        if record is None:
            return
        values = {key: now for key, (_before, now) in self.form.changes().items()}
        self.form.set_saving(True)
        self._workplace.background.run(
            self,
            lambda unit: actions.save_company(unit, record.row_version, values),
            then=self._on_saved,
            failed=self._on_failed,
            key="save",
        )

    def _on_saved(self, _version: int) -> None:
        self.form.load(self.form.values())
        self._workplace.say("positive", tr("Dati dell'azienda salvati"))
        self.reload()

    def _on_conflict(self, now: StoredRecord) -> None:
        resolve_conflict(
            self, self.form, now.values, record=str(now.values["name"]), adopt=lambda: self._adopt(now), reload=lambda: self._take(now)
        )

    def _adopt(self, now: StoredRecord) -> None:
        self.record = now

    def _take(self, record: StoredRecord) -> None:
        """Show the record as it is stored."""
        self.record = record
        self.problem.hide()
        self.form.load(record.values)
        self.draft.follow(record.record_id, str(record.values["name"]))
        self._show_letterhead()

    def _on_failed(self, error: AppError) -> None:
        self.form.set_saving(False)
        if isinstance(error, Conflict):
            self._workplace.background.run(self, queries.find_company, then=self._on_conflict, key="company")
        elif isinstance(error, InvalidInput) and error.field in self.form.fields:
            self.form.show_problem(error.field, error_text(error))
        else:
            self.problem.set_message("negative", error_text(error))
