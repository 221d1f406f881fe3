"""What a run's page does: prepare, exclude, issue, undo, files. Each a call on the server, with progress where it takes long."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError, Cancelled
from cms_desktop.modules.billing import actions, queries
from cms_desktop.modules.billing.manual import actions as manual
from cms_desktop.modules.billing.records import FilesMade, IssuedNumbers, RunChoices, RunDocument, RunParameters
from cms_desktop.modules.billing.running import actions as running
from cms_desktop.ui.feedback import Overlay, ask
from cms_desktop.ui.later import Pieces, in_turns
from cms_desktop.ui.translation import one_or_many, translator
from cms_desktop.ui.workplace import Workplace

from .exclusion import ExclusionDialog
from .jobs import LongJob
from .run_credit import CreditRunDialog

if TYPE_CHECKING:
    from .run_page import RunPage

tr = translator("billing")
SKIPPED_MONTHS = 12


def _phases() -> dict[str, str]:
    return {
        "due": tr("Ricerca dei servizi da fatturare"), "documents": tr("Imposte, bolli e scadenze"),
        "writing": tr("Scrittura dell'anteprima"), "totals": tr("Totali e controlli"),
    }  # fmt: skip


class RunWork:
    """The page shows, this does."""

    def __init__(self, page: RunPage, workplace: Workplace) -> None:
        self._page, self._workplace = page, workplace
        self._reason_overlay: Overlay | None = None
        self.job: LongJob | None = None

    def _do(self, work: Callable[[Any], Any], then: Callable[[Any], None]) -> None:
        self._workplace.background.run(self._page, work, then=then, failed=self._failed)

    def _failed(self, error: AppError) -> None:
        self.job = None
        self._page.reload()
        self._page.show_error(error)

    # -- preview
    def prepare(self, parameters: RunParameters, template: dict[str, Any] | None = None) -> None:
        """Make the preview; `template`: keep what it is made from, too."""

        def work(unit: Any, _stop: Any) -> int:
            given = parameters
            if template is not None:
                known = {key: value for key, value in template.items() if key not in ("template_id", "row_version")}
                number = running.save_template(unit, template.get("template_id"), template.get("row_version", 0), known)
                given = replace(parameters, choices=replace(parameters.choices, template_id=number))
            return actions.prepare_run(unit, given)

        self.job = LongJob(
            self._page, self._workplace.background, tr("Preparazione di «{title}»", title=parameters.title), _phases(),
            left_behind=tr("Se annulli, non resta nulla"), cancel=tr("Annulla"), uncounted=True,
        )  # fmt: skip
        self.job.run(work, then=self._on_prepared, failed=self._prepare_failed)

    def _on_prepared(self, run_id: int) -> None:
        self.job = None
        self._page.show_run(run_id)

    def _prepare_failed(self, error: AppError) -> None:
        self.job = None
        if isinstance(error, Cancelled):
            self._page.show_error(error)
        else:
            self._page.form.show_error(error)

    def refresh(self, *, only_blocked: bool = False, choices: RunChoices | None = None) -> None:
        """Make the preview anew; what was left out stays out."""
        run = self._page.run
        if run is None or run.state != "preview":
            return
        self.job = LongJob(
            self._page, self._workplace.background, tr("Aggiornamento di «{title}»", title=run.title), _phases(),
            left_behind=tr("Se annulli, l'anteprima resta com'era"), cancel=tr("Annulla"), uncounted=True,
        )  # fmt: skip
        work = lambda unit, _stop: running.refresh_run(unit, run.run_id, only_blocked=only_blocked, choices=choices)
        self.job.run(work, then=self._on_refreshed, failed=self._failed)

    def _on_refreshed(self, blocked: int) -> None:
        self.job = None
        self._page.reload()
        words = tr("1 riga ancora bloccata") if blocked == 1 else tr("{n} righe ancora bloccate", n=formats.number(blocked))
        self._workplace.say("warning" if blocked else "positive", tr("Anteprima aggiornata"), words if blocked else "")

    def catch_up(self) -> None:
        """Take the periods along that earlier runs skipped."""
        run = self._page.run
        if run is not None:
            self.refresh(choices=replace(run.choices, catch_up_months=SKIPPED_MONTHS))

    def retry(self) -> None:
        """A new preview of what the issued run could not issue."""
        run = self._page.run
        if run is None or run.state != "issued":
            return
        self.job = LongJob(
            self._page, self._workplace.background, tr("Ripresa delle righe scartate"), _phases(),
            left_behind=tr("Se annulli, non resta nulla"), cancel=tr("Annulla"), uncounted=True,
        )  # fmt: skip
        work = lambda unit, _stop: running.retry_run(unit, run.run_id, max(run.document_on, local_today()))
        self.job.run(work, then=self._on_prepared, failed=self._failed)

    def ask_reason(self, rows: Sequence[RunDocument]) -> None:
        """Why these rows stay out; leaving without an answer puts the ticks back."""
        ids = [row.invoice_id for row in rows if row.invoice_id is not None]
        dialog, overlay, run_id = ExclusionDialog(len(rows), rows[0].customer), Overlay(self._page.window()), self._page.run_id
        self._reason_overlay = overlay
        answered: list[str] = []

        def done(reason: str) -> None:
            answered.append(reason)
            overlay.close_content()
            self._do(lambda unit: actions.exclude_invoices(unit, run_id, ids, reason), lambda _n: self._page.reload())

        def closed() -> None:
            if not answered:
                self._page.restore_ticks()
            overlay.deleteLater()
            self._reason_overlay = None

        dialog.answered.connect(done)
        dialog.left.connect(overlay.close_content)
        overlay.closed.connect(closed)
        overlay.open_content(dialog)

    def include(self, rows: Sequence[RunDocument]) -> None:
        ids, run_id = [row.invoice_id for row in rows if row.invoice_id is not None], self._page.run_id
        self._do(lambda unit: actions.include_invoices(unit, run_id, ids), lambda _n: self._page.reload())

    def discard(self) -> None:
        run = self._page.run
        if run is None or run.state != "preview":
            return
        words = tr("Le righe tornano fatturabili; il numero {number} resta nell'elenco come scartato.", number=run.number)
        if ask(self._page, tr("Scartare l'anteprima?"), words, tr("Scarta anteprima"), "warning"):
            self._do(lambda unit: actions.discard_run(unit, run.run_id), lambda _none: self._page.left.emit())

    # -- credit notes of a whole run
    def credit(self) -> None:
        """Ask how, prepare the credit notes as a run of their own, show it."""
        run = self._page.run
        if run is None or run.state != "issued":
            return
        dialog, overlay = CreditRunDialog(run), Overlay(self._page.window())
        self._reason_overlay = overlay

        def done(reason: str, day: datetime.date, compensates: bool, releases: bool) -> None:
            overlay.close_content()
            self.job = LongJob(
                self._page, self._workplace.background, tr("Note di credito del lancio"), _phases(),
                left_behind=tr("Se annulli, nulla resta scritto"), cancel=tr("Annulla"),
            )  # fmt: skip
            work = lambda unit, _stop: manual.credit_run(
                unit, run.run_id, run.series_id, day, reason, compensates=compensates, releases_periods=releases
            )
            self.job.run(work, then=self._on_credited, failed=self._failed)

        dialog.answered.connect(done)
        dialog.left.connect(overlay.close_content)
        overlay.closed.connect(overlay.deleteLater)
        overlay.open_content(dialog)

    def _on_credited(self, run_id: int) -> None:
        self.job = None
        self._page.show_run(run_id)

    # -- issue and undo
    def issue(self) -> None:
        run = self._page.run
        if run is None or run.state != "preview":
            return
        phases = {
            "numbers": tr("Numerazione, in un solo passo"), "posting": tr("Registrazione contabile"),
            "items": tr("Scadenzario"), "totals": tr("Totali e controlli"),
        }  # fmt: skip
        self._page.stepper.set_active(2)
        self.job = LongJob(
            self._page, self._workplace.background, (tr("Emissione di 1 fattura") if run.invoice_count == 1 else tr("Emissione di {n} fatture", n=formats.number(run.invoice_count))), phases,
            left_behind=tr("Se annulli, nessun numero viene assegnato e nulla resta a metà"), cancel=tr("Annulla il lancio"), uncounted=True,
        )  # fmt: skip
        self.job.run(lambda unit, _stop: actions.issue_run(unit, run.run_id), then=self._on_issued, failed=self._failed)

    def _on_issued(self, numbers: IssuedNumbers) -> None:
        self.job = None
        words = tr(
            "{series} da {first} a {last}", series=numbers.series, first=formats.number(numbers.first), last=formats.number(numbers.last)
        )
        self._workplace.say(
            "positive", (tr("1 fattura emessa") if numbers.count == 1 else tr("{n} fatture emesse", n=formats.number(numbers.count))), words
        )

        def pieces() -> Pieces:
            self._page.reload()
            yield
            self.make_files()

        in_turns(self._page, pieces())

    def undo(self) -> None:
        run = self._page.run
        if run is None or run.state != "issued":
            return
        title = tr("Annullare l'intero lancio {number}?", number=run.number)
        words = one_or_many(
            run.invoice_count,
            tr("1 fattura, la sua registrazione e le sue scadenze spariscono; il numero torna libero."),
            tr(
                "{n} fatture, le loro registrazioni e le loro scadenze spariscono; i numeri tornano liberi.",
                n=formats.number(run.invoice_count),
            ),
        )
        if ask(self._page, title, words, tr("Annulla il lancio"), "negative", cancel=tr("Torna al lancio")):
            self._do(lambda unit: actions.undo_run(unit, run.run_id), self._on_undone)

    def _on_undone(self, count: int) -> None:
        self._workplace.say(
            "positive",
            tr("Lancio annullato"),
            (tr("1 fattura tolta, numero liberato") if count == 1 else tr("{n} fatture tolte, numeri liberati", n=formats.number(count))),
        )
        self._page.left.emit()

    # -- documents
    def make_files(self) -> None:
        """The FatturaPA files that are missing; failures are listed and can be tried again."""
        run_id = self._page.run_id
        self.job = LongJob(
            self._page, self._workplace.background, tr("File FatturaPA"), {"files": tr("Controlli e scrittura dei file")},
            left_behind=tr("Se annulli, le fatture restano emesse e i file si creano dopo"), cancel=tr("Annulla"),
        )  # fmt: skip
        work = lambda unit, stop: actions.make_files(unit, run_id, should_stop=stop)
        self.job.run(work, then=self._on_files_made, failed=self._failed)

    def _on_files_made(self, result: FilesMade) -> None:
        self.job = None
        self._page.result.show_failures(result)
        self._page.reload()
        if not result.failures:
            self._workplace.say(
                "positive",
                (tr("1 file pronto da inviare") if result.made == 1 else tr("{n} file pronti da inviare", n=formats.number(result.made))),
            )

    def export_files(self) -> None:
        folder = self._workplace.files.folder(tr("Cartella per i file XML"))
        run_id = self._page.run_id
        if folder is None:
            return
        self._start_job(
            tr("Salvataggio dei file XML"), {"export": tr("Scrittura nella cartella")}, tr("Se annulli, nessun file risulta inviato"),
            lambda unit, stop: actions.export_files(unit, folder, queries.list_ready_files(unit, run_id), should_stop=stop),
            lambda count: self._say_saved((tr("1 file XML salvato") if count == 1 else tr("{n} file XML salvati", n=formats.number(count))), folder),
        )  # fmt: skip

    def save_pdfs(self) -> None:
        folder = self._workplace.files.folder(tr("Cartella per i PDF"))
        run_id = self._page.run_id
        if folder is None:
            return
        self._start_job(
            tr("Copie di cortesia"), {"pdf": tr("Stampa in PDF")}, tr("Se annulli, restano i PDF già scritti"),
            lambda unit, stop: actions.save_pdfs(unit, queries.list_invoice_ids(unit, run_id), folder, should_stop=stop),
            lambda count: self._say_saved((tr("1 PDF salvato") if count == 1 else tr("{n} PDF salvati", n=formats.number(count))), folder),
        )  # fmt: skip

    def _start_job(
        self,
        title: str,
        phases: dict[str, str],
        left_behind: str,
        work: Callable[[Any, Callable[[], bool]], Any],
        then: Callable[[Any], None],
    ) -> None:
        self.job = LongJob(self._page, self._workplace.background, title, phases, left_behind=left_behind, cancel=tr("Annulla"))
        self.job.run(work, then=then, failed=self._failed)

    def _say_saved(self, words: str, folder: pathlib.Path) -> None:
        self.job = None
        self._page.reload()
        self._workplace.say("positive", words, str(folder), tr("Apri la cartella"), lambda: self._workplace.files.show(folder))
