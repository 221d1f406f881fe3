"""Long work of what leaves: check, queue, send, read the mailbox, courtesy copies. Each with progress and a cancel that stops it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError, Cancelled
from cms_desktop.modules.base.mail import sender
from cms_desktop.modules.base.mail.records import Sent
from cms_desktop.modules.billing import actions, queries
from cms_desktop.modules.billing.columns.words import courtesy_obstacles
from cms_desktop.modules.billing.delivery import check, courtesy, pec, receive
from cms_desktop.modules.billing.delivery import queries as delivery_queries
from cms_desktop.modules.billing.delivery.records import CourtesyMade, Leaving, MailRead, SendCheck
from cms_desktop.modules.billing.records import FilesMade
from cms_desktop.modules.billing.sdi import exchange
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.long_job import LongJob
from cms_desktop.ui.translation import one_or_many, translator
from cms_desktop.ui.workplace import Workplace

tr = translator("billing")
errors = translator("errors")


class DeliveryWork:
    """For a page that shows what leaves; `reload` brings it up to date afterwards."""

    def __init__(self, page: QWidget, workplace: Workplace, reload: Callable[[], None]) -> None:
        self._page, self._workplace, self._reload = page, workplace, reload
        self.job: LongJob | None = None

    def _run(
        self, title: str, phases: dict[str, str], left_behind: str, work: Callable[..., Any], then: Callable[[Any], None], unit: str
    ) -> None:
        self.job = LongJob(self._page, self._workplace.background, title, phases, left_behind=left_behind, cancel=tr("Annulla"), unit=unit)
        self.job.run(work, then=then, failed=self._failed)

    def _failed(self, error: AppError) -> None:
        self.job = None
        if not isinstance(error, Cancelled):
            self._workplace.say("negative", error_text(error))
        self._reload()

    # -- files for the exchange system
    def check(self, then: Callable[[SendCheck], None]) -> None:
        def done(found: SendCheck) -> None:
            self.job = None
            then(found)

        self._run(
            tr("Controllo prima dell'invio"), {"check": tr("Controlli dello SdI")}, tr("Il controllo non cambia nulla"),
            lambda unit, stop: check.check_waiting(unit, should_stop=stop), done, tr("fatture"),
        )  # fmt: skip

    def make_files(self) -> None:
        def work(unit: Any, stop: Callable[[], bool]) -> FilesMade:
            return actions.make_files(unit, 0, delivery_queries.list_without_file(unit), should_stop=stop)

        self._run(
            tr("File FatturaPA"), {"files": tr("Controlli e scrittura dei file")}, tr("Se annulli, non resta nulla"), work,
            self._on_files, tr("fatture"),
        )  # fmt: skip

    def _on_files(self, made: FilesMade) -> None:
        self.job = None
        self._workplace.say(
            "positive", tr("1 file pronto da inviare") if made.made == 1 else tr("{n} file pronti da inviare", n=formats.number(made.made))
        )
        self._reload()

    def queue_by_pec(self, transmission_ids: Sequence[int] | None) -> None:
        """Into the outbox; None: all that are ready."""

        def work(unit: Any, stop: Callable[[], bool]) -> Leaving:
            return pec.queue_by_pec(unit, transmission_ids or queries.list_ready_files(unit), should_stop=stop)

        self._run(
            tr("File per lo SdI"),
            {"queue": tr("Messa in uscita")},
            tr("Se annulli, nessun file è in uscita"),
            work,
            self._on_queued,
            tr("fatture"),
        )

    def _on_queued(self, left: Leaving) -> None:
        self.job = None
        words = tr("1 file in uscita") if left.count == 1 else tr("{n} file in uscita", n=formats.number(left.count))
        detail = one_or_many(
            left.messages,
            tr("in 1 messaggio PEC: parte con «Invia ora»"),
            tr("in {n} messaggi PEC: partono con «Invia ora»", n=formats.number(left.messages)),
        )
        self._workplace.say("positive", words, detail, tr("Invia ora"), self.send)
        self._reload()

    def export(self, transmission_ids: Sequence[int] | None, *, lots: bool) -> None:
        folder = self._workplace.files.folder(tr("Cartella di scambio con l'intermediario"))
        if folder is None:
            return

        def work(unit: Any, stop: Callable[[], bool]) -> int:
            ids = transmission_ids or queries.list_ready_files(unit)
            if lots:
                return len(exchange.export_lots(unit, folder, ids, should_stop=stop))
            return actions.export_files(unit, folder, ids, should_stop=stop)

        def done(count: int) -> None:
            self.job = None
            words = tr("{n} lotti salvati", n=formats.number(count)) if lots else tr("{n} file XML salvati", n=formats.number(count))
            self._workplace.say("positive", words, str(folder), tr("Apri la cartella"), lambda: self._workplace.files.show(folder))
            self._reload()

        self._run(
            tr("Salvataggio dei file XML"), {"export": tr("Scrittura nella cartella")}, tr("Se annulli, nessun file risulta inviato"), work, done,
            tr("fatture"),
        )  # fmt: skip

    # -- the outbox
    def send(self) -> None:
        """Send all that is due."""
        self._run(
            tr("Invio"), {"pec": tr("Posta certificata"), "ordinary": tr("Posta ordinaria")},
            tr("Se annulli, quello che non è ancora partito resta in coda"), sender.send_now, self._on_sent, tr("messaggi"),
        )  # fmt: skip

    def _on_sent(self, done: Sent) -> None:
        self.job = None
        parts = [words for count, words in (
            (done.refused, one_or_many(done.refused, tr("1 rifiutato"), tr("{n} rifiutati", n=formats.number(done.refused)))), (done.later, tr("{n} da riprovare", n=formats.number(done.later))),
            (done.uncertain, one_or_many(done.uncertain, tr("1 incerto"), tr("{n} incerti", n=formats.number(done.uncertain)))),
        ) if count]  # fmt: skip
        parts += [errors(one.text, **one.values) for one in done.unusable]
        words = tr("1 messaggio inviato") if done.sent == 1 else tr("{n} messaggi inviati", n=formats.number(done.sent))
        tone = "negative" if done.unusable and not done.handled else "warning" if parts else "positive"
        self._workplace.say(tone, words if done.handled or not done.unusable else tr("Niente è partito"), "; ".join(parts))
        self._reload()

    def read_mailbox(self) -> None:
        """Read the certified mailboxes."""
        self._run(
            tr("Lettura della casella PEC"), {"mailbox": tr("Lettura")}, tr("Quello che è già letto resta"), receive.read_now, self._on_read,
            tr("messaggi"),
        )  # fmt: skip

    def _on_read(self, read: MailRead) -> None:
        self.job = None
        words = tr("1 ricevuta nuova") if read.receipts == 1 else tr("{n} ricevute nuove", n=formats.number(read.receipts))
        parts = [text for count, text in (
            (read.notices, one_or_many(read.notices, tr("1 avviso del gestore"), tr("{n} avvisi del gestore", n=formats.number(read.notices)))), (read.known, tr("{n} già lette", n=formats.number(read.known))),
            (read.unmatched, tr("{n} di nessun file", n=formats.number(read.unmatched))),
            (read.unknown, one_or_many(read.unknown, tr("1 altro messaggio lasciato dov'era"), tr("{n} altri messaggi lasciati dov'erano", n=formats.number(read.unknown)))),
        ) if count]  # fmt: skip
        self._workplace.say("warning" if read.unmatched else "positive", words, "; ".join(parts))
        self._reload()

    # -- courtesy copies
    def queue_copies(self, run_id: int | None = None, invoice_ids: Sequence[int] | None = None) -> None:
        """Copies of a run, of some invoices (even where the customer did not ask), or of the last sixty days."""

        def work(unit: Any, stop: Callable[[], bool]) -> CourtesyMade:
            ids = list(invoice_ids) if invoice_ids is not None else delivery_queries.list_courtesy_candidates(unit, run_id)
            return courtesy.queue_copies(unit, ids, even_unasked=invoice_ids is not None, should_stop=stop)

        self._run(
            tr("Copie di cortesia"), {"copies": tr("Stampa e messa in uscita")}, tr("Se annulli, nessuna copia è in uscita"), work, self._on_copies,
            tr("fatture"),
        )  # fmt: skip

    def _on_copies(self, made: CourtesyMade) -> None:
        self.job = None
        names = courtesy_obstacles()
        words = tr("1 copia in uscita") if made.queued == 1 else tr("{n} copie in uscita", n=formats.number(made.queued))
        parts = [f"{formats.number(count)} {names[why]}" for why, count in made.skipped.items()]
        self._workplace.say("positive" if made.queued else "info", words, "; ".join(parts), tr("Invia ora"), self.send)
        self._reload()
