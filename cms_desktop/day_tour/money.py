"""The month is billed, the documents saved, what is due presented to the bank."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from cms_desktop.day_tour.hands import TourStopped, first_visible
from cms_desktop.modules.billing.editor.exclusion import ExclusionDialog
from cms_desktop.ui.feedback import RunProgress

if TYPE_CHECKING:
    from cms_desktop.day_tour.day import Day


def bill_the_month(day: Day) -> None:
    hands = day.hands
    dock = day.dock("billing")
    run = dock.runs.run
    hands.say("Billing run: parameters")
    hands.press("F2")
    hands.until(lambda: run.form.due_note._tone == "info" and any(c.isdigit() for c in run.form.due_note.text()), "services due")
    hands.picture("run-parameters")
    hands.say("Preview: differences from the month before; a row is left out, with its reason")
    hands.press("Ctrl+Return")
    hands.until(lambda: run.run is not None and run.run.state == "preview" and run.rows.table.rows(), "the preview")
    day.rest()
    hands.picture("run-preview")
    _leave_one_out(day, run)
    hands.say("Confirmation: numbers, postings, due dates and files")
    hands.press("Ctrl+Return")
    hands.until(lambda: run.run.state == "issued" or first_visible(day.window, RunProgress), "the issue to begin")
    hands.until(lambda: run.run.state == "issued" and run.work.job is None, "the invoices with their files", 120)
    day.rest()
    hands.picture("run-result")
    _save_documents(day, dock, run)


def _leave_one_out(day: Day, run: Any) -> None:
    hands, rows = day.hands, run.rows.table.rows()
    place = next(n for n, one in enumerate(rows) if one.invoice_id is not None and not one.is_blocked)
    run.rows.table.setFocus()
    hands.press("Home")
    hands.press("Down", place)
    hands.press("Space")
    hands.until(lambda: first_visible(day.window, ExclusionDialog), "the question for a reason")
    hands.type("in attesa dell'ordine del cliente")
    hands.picture("run-exclusion")
    hands.press("Return")
    customer = rows[place].row_id
    hands.until(lambda: any(one.is_excluded and one.row_id == customer for one in run.rows.table.rows()), "the row to be left out")
    run.rows.table.setFocus()
    day.rest()


def _save_documents(day: Day, dock: Any, run: Any) -> None:
    hands, files = day.hands, day.files
    hands.say("PDF and XML files of the run are saved")
    files.sub_folder = "pdf"
    hands.press("F9")
    hands.until(lambda: run.work.job is None and list((hands.folder / "pdf").glob("*.pdf")), "the PDF files", 120)
    day.rest()
    files.sub_folder = "xml"
    run.result.export_button.setFocus()
    hands.press("Space")
    hands.until(lambda: run.work.job is None and list((hands.folder / "xml").glob("*.xml")), "the XML files", 120)
    day.rest()
    hands.picture("run-sent")
    hands.say("An invoice: its lines, its PDF")
    day.command("Elenco delle fatture")
    hands.until(lambda: dock.current_page() == "invoices" and dock.invoices.page.table.rows(), "the invoices")
    dock.invoices.page.table.setFocus()
    hands.press("Home")
    hands.press("Down")
    hands.until(lambda: dock.invoice_detail.document is not None, "the invoice beside the list")
    day.rest()
    hands.picture("invoice")
    hands.press("F9")
    hands.until(lambda: files.shown, "the PDF to be opened")
    shutil.copy(files.shown[-1], hands.folder / files.shown[-1].name)


def look_at_the_books(day: Day) -> None:
    hands = day.hands
    dock = day.dock("billing")
    for page, name in (("open_items", "Scadenzario"), ("payments", "Incassi"), ("entries", "Prima nota"), ("due", "Da fatturare")):
        hands.say(f"{name}")
        holder = day.show_page(dock, page)
        if page != "due":
            hands.until(holder.page.table.rows, f"rows in {name}")
            holder.page.table.setFocus()
            hands.press("Home")
            hands.press("Down")
            day.rest()
        hands.picture(page.replace("_", "-"))
    day.show_page(dock, "dashboard")


def present_riba(day: Day) -> None:
    hands = day.hands
    day.files.sub_folder = "riba"
    dock = day.dock("bank_effects")
    page = dock.presentation
    hands.say("RiBa: what is due, what stays out and why")
    hands.press("F2")
    hands.until(lambda: page.preview.presentable, "effects to be presented")
    day.rest()
    hands.picture("riba-preview")
    hands.say("RiBa: confirmation and the file for the bank")
    with hands.answering("riba-confirm"):
        hands.press("Ctrl+Return")
    hands.until(lambda: list((hands.folder / "riba").glob("*")), "the file for the bank")
    day.rest()
    hands.picture("riba-file")
    written = next((hands.folder / "riba").glob("*"))
    lines = written.read_bytes().splitlines()
    if not lines or any(len(line) != 120 for line in lines):
        raise TourStopped("expected: a RiBa file of 120 characters a record")
    hands.say(f"The file has {len(lines)} records of 120 characters")
    for key in ("batches", "effects"):
        day.show_page(dock, key)
        hands.picture(f"riba-{key}")
