"""What the page of a price run does: prepare, exclude, confirm, write letters, undo. Each a call on the server."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError, Cancelled
from cms_desktop.modules.customers.pricing import actions, letters
from cms_desktop.modules.customers.pricing.records import PriceRunParameters, PriceRunRow
from cms_desktop.ui.feedback import Overlay, ask
from cms_desktop.ui.feedback.reason import ReasonDialog
from cms_desktop.ui.long_job import LongJob
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

if TYPE_CHECKING:
    from cms_desktop.modules.customers.editor.prices.run_page import PriceRunPage

tr = translator("customers")


class PriceRunWork:
    """The page shows, this does."""

    def __init__(self, page: PriceRunPage, workplace: Workplace) -> None:
        self._page, self._workplace = page, workplace
        self.dialog: ReasonDialog | None = None
        self.job: LongJob | None = None

    def _do(self, work: Callable[[Any], Any], then: Callable[[Any], None]) -> None:
        self._workplace.background.run(self._page, work, then=then, failed=self._failed)

    def _failed(self, error: AppError) -> None:
        self.job = None
        self._page.reload()
        self._page.show_error(error)

    def _start(self, title: str, phases: dict[str, str], left_behind: str, *, uncounted: bool = True) -> LongJob:
        self.job = LongJob(
            self._page, self._workplace.background, title, phases, left_behind=left_behind, cancel=tr("Annulla"), uncounted=uncounted,
            unit=tr("lettere"),
        )  # fmt: skip
        return self.job

    def prepare(self, parameters: PriceRunParameters) -> None:
        phases = {"lines": tr("Ricerca dei servizi"), "prices": tr("Prezzi nuovi e ragioni di chi resta fuori"), "totals": tr("Totali")}
        job = self._start(tr("Preparazione di «{title}»", title=parameters.title), phases, tr("Se annulli, non resta nulla"))
        job.run(lambda unit, _stop: actions.prepare_price_run(unit, parameters), then=self._on_prepared, failed=self._prepare_failed)

    def _on_prepared(self, run_id: int) -> None:
        self.job = None
        self._page.show_run(run_id)

    def _prepare_failed(self, error: AppError) -> None:
        self.job = None
        if isinstance(error, Cancelled):
            self._page.show_error(error)
        else:
            self._page.form.show_error(error)

    def ask_reason(self, lines: Sequence[PriceRunRow]) -> None:
        """Why these lines stay out; leaving without an answer puts the ticks back."""
        ids, run_id = [line.service_id for line in lines], self._page.run_id
        what = lines[0].customer if len(lines) == 1 else tr("{n} righe", n=len(lines))
        self.dialog = ReasonDialog(
            tr("Lasciare fuori {what}?", what=what), tr("Il prezzo resta quello di oggi; la riga torna nella prossima variazione."),
            tr("Lascia fuori"), usual=(tr("trattativa in corso"), tr("prezzo concordato"), tr("cliente in contestazione")),
            missing=tr("Scrivi perché: chi controlla lo legge nella variazione."),
        )  # fmt: skip
        overlay, answered = Overlay(self._page.window()), list[str]()

        def done(reason: str) -> None:
            answered.append(reason)
            overlay.close_content()
            self._do(lambda unit: actions.exclude_prices(unit, run_id, ids, reason), lambda _n: self._page.reload())

        def closed() -> None:
            if not answered:
                self._page.show_ticks()
            overlay.deleteLater()
            self.dialog = None

        self.dialog.answered.connect(done)
        self.dialog.left.connect(overlay.close_content)
        overlay.closed.connect(closed)
        overlay.open_content(self.dialog)

    def include(self, lines: Sequence[PriceRunRow]) -> None:
        ids, run_id = [line.service_id for line in lines], self._page.run_id
        self._do(lambda unit: actions.exclude_prices(unit, run_id, ids, ""), lambda _n: self._page.reload())

    def discard(self) -> None:
        run = self._page.run
        if run is None or run.state != "preview":
            return
        words = tr("Nessun prezzo cambia; il numero {number} resta nell'elenco come scartato.", number=run.number)
        if ask(self._page, tr("Scartare l'anteprima?"), words, tr("Scarta anteprima"), "warning"):
            self._do(lambda unit: actions.discard_price_run(unit, run.run_id), lambda _none: self._page.left.emit())

    def confirm(self) -> None:
        run = self._page.run
        if run is None or run.state != "preview":
            return
        phases = {"checks": tr("Controllo dei prezzi in corso"), "history": tr("Scrittura nello storico"), "contracts": tr("Contratti")}
        self._page.stepper.set_active(2)
        job = self._start(
            (tr("Conferma di 1 prezzo") if run.line_count == 1 else tr("Conferma di {n} prezzi", n=formats.number(run.line_count))),
            phases,
            tr("Se annulli, nessun prezzo cambia"),
        )
        job.run(lambda unit, _stop: actions.confirm_price_run(unit, run.run_id), then=self._on_confirmed, failed=self._failed)

    def _on_confirmed(self, count: int) -> None:
        self.job = None
        self._workplace.say(
            "positive",
            (tr("1 prezzo confermato") if count == 1 else tr("{n} prezzi confermati", n=formats.number(count))),
            tr("Ora si possono fare le lettere ai clienti."),
        )
        self._page.reload()

    def undo(self) -> None:
        run = self._page.run
        if run is None or run.state != "confirmed":
            return
        title = tr("Annullare l'intera variazione {number}?", number=run.number)
        words = (
            tr("1 prezzo torna quello di prima. La lettera già spedita va smentita.")
            if run.line_count == 1
            else tr("{n} prezzi tornano quelli di prima. Le lettere già spedite vanno smentite.", n=formats.number(run.line_count))
        )
        if ask(self._page, title, words, tr("Annulla la variazione"), "negative", cancel=tr("Torna alla variazione")):
            self._do(lambda unit: actions.undo_price_run(unit, run.run_id), self._on_undone)

    def _on_undone(self, count: int) -> None:
        self._workplace.say(
            "positive",
            tr("Variazione annullata"),
            (tr("1 prezzo tornato come prima") if count == 1 else tr("{n} prezzi tornati come prima", n=formats.number(count))),
        )
        self._page.left.emit()

    def write_letters(self) -> None:
        """One PDF for each channel into a folder: who has a PEC, who a mail, who gets paper."""
        run, folder = self._page.run, self._workplace.files.folder(tr("Cartella per le lettere"))
        if run is None or folder is None:
            return
        job = self._start(
            tr("Lettere ai clienti"), {"letters": tr("Scrittura delle lettere")}, tr("Se annulli, restano le lettere già scritte"), uncounted=False
        )  # fmt: skip
        job.run(
            lambda unit, stop: letters.write_letters(unit, run.run_id, folder, should_stop=stop),
            then=lambda count: self._on_letters(count, folder), failed=self._failed,
        )  # fmt: skip

    def _on_letters(self, count: int, folder: pathlib.Path) -> None:
        self.job = None
        self._page.reload()
        files = self._workplace.files
        words = tr("1 lettera pronta") if count == 1 else tr("{n} lettere pronte", n=formats.number(count))
        self._workplace.say("positive", words, str(folder), tr("Apri la cartella"), lambda: files.show(folder))
