from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cms_desktop.ui.fields import AmountField, CodeField, DateField, IntField, LookupChoice, LookupField, MultilineField
from cms_desktop.ui.form import FieldProblem, FieldSpec, FormSection, RecordForm, changed_fields, merge_if_apart, resolve_conflict

Key = Qt.Key
TODAY = datetime.date(2026, 11, 22)
RECORD = {"name": "Oreficeria Bellini", "vat": "01849250483", "cap": "50122", "fee": Decimal("684.00"), "since": datetime.date(2014, 3, 12)}


def check_vat(value: str, values: Any) -> FieldProblem | None:
    return None if value != "01849520483" else FieldProblem("La cifra di controllo non torna.", "01849250483", "Usa 01849250483")


def check_holding(value: Decimal, values: Any) -> FieldProblem | None:
    return FieldProblem("Più del canone.") if value > values["fee"] else None


def make_form() -> RecordForm:
    return RecordForm(
        [
            FormSection(
                "Soggetto",
                [
                    [(FieldSpec("name", "Ragione sociale", required=True), 12)],
                    [
                        (FieldSpec("vat", "Partita IVA", "code", check=check_vat, ok_text="Corretta"), 6),
                        (FieldSpec("cap", "CAP", "code"), 6),
                    ],
                ],
            ),
            FormSection(
                "Condizioni",
                [
                    [(FieldSpec("fee", "Canone €", "amount"), 4), (FieldSpec("since", "Dal", "date", options={"today": lambda: TODAY}), 4)],
                    [(FieldSpec("is_held", "Ritenuta", "check"), 4)],
                    [(FieldSpec("held", "Importo", "amount", check=check_holding, visible=lambda values: values["is_held"]), 4)],
                ],
            ),
        ]
    )


@pytest.fixture
def form(qtbot: QtBot) -> RecordForm:
    form = make_form()
    qtbot.addWidget(form)
    form.resize(680, 600)
    form.show()
    form.activateWindow()
    qtbot.waitExposed(form)
    form.load(RECORD)
    return form


def type_over(qtbot: QtBot, form: RecordForm, key: str, text: str) -> None:
    """Replace what stands in a field and leave it with Enter."""
    editor = form.fields[key].editor
    editor.setFocus()
    editor.selectAll()  # type: ignore[attr-defined]
    qtbot.keyClick(editor, Key.Key_Delete)
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, Key.Key_Return)


def test_a_loaded_record_has_no_changes_and_no_problems(form: RecordForm) -> None:
    assert not form.is_dirty and form.changes() == {} and form.problems() == {}
    assert {key: form.values()[key] for key in RECORD} == RECORD
    assert not form.foot.save_button.isEnabled()


def test_enter_goes_on_in_the_order_of_the_eye(form: RecordForm, qtbot: QtBot) -> None:
    form.fields["name"].editor.setFocus()
    seen = []
    for _ in range(4):
        qtbot.keyClick(form.focusWidget(), Key.Key_Return)
        seen.append(next(key for key, field in form.fields.items() if field.editor is form.focusWidget()))
    assert seen == ["vat", "cap", "fee", "since"]


def test_a_change_is_marked_with_the_value_before(form: RecordForm, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.dirty_changed) as told:
        type_over(qtbot, form, "cap", "50123")
    assert told.args == [True]
    assert form.changes() == {"cap": ("50122", "50123")}
    assert form.fields["cap"].message() == "prima: 50122"
    assert form.foot.words.text() == "1 modifica non salvata"
    type_over(qtbot, form, "cap", "50122")
    assert not form.is_dirty and form.fields["cap"].message() == ""


def test_an_error_waits_for_the_end_of_typing_and_goes_with_the_next_key(form: RecordForm, qtbot: QtBot) -> None:
    editor = form.fields["vat"].editor
    editor.setFocus()
    editor.selectAll()  # type: ignore[attr-defined]
    qtbot.keyClicks(editor, "01849520483")
    assert form.fields["vat"].state == ""
    qtbot.keyClick(editor, Key.Key_Return)
    assert form.fields["vat"].state == "error" and form.foot.words.text() == "1 campo da correggere"
    qtbot.keyClick(editor, Key.Key_Backspace)
    assert form.fields["vat"].state == ""


def test_alt_enter_takes_the_proposed_repair(form: RecordForm, qtbot: QtBot) -> None:
    type_over(qtbot, form, "vat", "01849520483")
    assert form.fields["vat"].has_fix()
    form.fields["vat"].editor.setFocus()
    qtbot.keyClick(form.fields["vat"].editor, Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    assert form.value("vat") == "01849250483" and form.fields["vat"].state == "ok"


def test_saving_stops_at_the_first_field_in_error_and_f8_goes_round(form: RecordForm, qtbot: QtBot) -> None:
    asked: list[bool] = []
    form.save_wanted.connect(lambda: asked.append(True))
    type_over(qtbot, form, "name", "")
    type_over(qtbot, form, "fee", "tanto")
    form.save()
    assert asked == [] and list(form.shown_problems()) == ["name", "fee"]
    assert form.focusWidget() is form.fields["name"].editor
    form.go_to_next_problem()
    assert form.focusWidget() is form.fields["fee"].editor
    form.go_to_next_problem()
    assert form.focusWidget() is form.fields["name"].editor
    type_over(qtbot, form, "name", "Bellini")
    type_over(qtbot, form, "fee", "684*3")
    qtbot.keyClick(form, Key.Key_F10)
    assert asked == [True] and form.value("fee") == Decimal("2052.00")


def test_a_problem_of_the_server_stays_on_its_field_until_it_is_edited(form: RecordForm, qtbot: QtBot) -> None:
    type_over(qtbot, form, "cap", "50123")
    form.set_saving(True)
    assert not form.foot.save_button.isEnabled()
    form.show_problem("cap", "CAP sconosciuto.")
    assert form.problems() == {"cap": "CAP sconosciuto."} and form.foot.save_button.isEnabled()
    type_over(qtbot, form, "cap", "50124")
    assert form.problems() == {}


def test_a_field_shows_only_when_it_applies_and_is_checked_against_others(form: RecordForm, qtbot: QtBot) -> None:
    assert form.fields["held"].isHidden()
    form.fields["is_held"].editor.click()  # type: ignore[attr-defined]
    assert not form.fields["held"].isHidden()
    type_over(qtbot, form, "held", "700")
    assert list(form.problems()) == ["held"]
    type_over(qtbot, form, "fee", "800")
    assert form.shown_problems() == {}


def test_esc_leaves_at_once_but_asks_before_typed_text_is_lost(form: RecordForm, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.leave_wanted):
        qtbot.keyClick(form.fields["name"].editor, Key.Key_Escape)
    type_over(qtbot, form, "name", "Altro")
    qtbot.keyClick(form.fields["name"].editor, Key.Key_Escape)
    assert form.foot.is_asking() and form.value("name") == "Altro"
    form.foot.keep_button.click()
    assert not form.foot.is_asking() and form.is_dirty
    form.ask_to_undo()
    form.foot.lose_button.click()
    assert not form.is_dirty and form.value("name") == "Oreficeria Bellini"


def test_a_draft_brings_back_what_was_typed_even_what_cannot_be_read(form: RecordForm, qtbot: QtBot) -> None:
    type_over(qtbot, form, "name", "Altro")
    type_over(qtbot, form, "since", "32/13")
    draft = json.loads(json.dumps(form.draft()))
    other = make_form()
    qtbot.addWidget(other)
    other.load(RECORD)
    other.restore_draft(draft)
    assert other.draft() == form.draft() and other.value("name") == "Altro"
    assert list(other.problems()) == ["since"]


def test_a_new_record_can_be_saved_untouched_and_a_read_only_form_cannot(form: RecordForm) -> None:
    form.load(RECORD, is_new=True)
    assert form.foot.save_button.isEnabled()
    form.set_read_only(True)
    assert not form.foot.save_button.isEnabled() and form.fields["name"].is_read_only()


def test_filling_a_field_for_the_user_counts_as_a_change(form: RecordForm) -> None:
    form.set_value("cap", "20121")
    assert form.changes() == {"cap": ("50122", "20121")}


@pytest.mark.parametrize(
    ("field", "typed", "value", "shown"),
    [
        (lambda: AmountField("A"), "1234,5", Decimal("1234.50"), "1.234,50"),
        (lambda: AmountField("A"), "100+22%", Decimal("122.00"), "122,00"),
        (lambda: IntField("I", lowest=0), "30", 30, "30"),
        (lambda: DateField("D", today=lambda: TODAY), "5-2", datetime.date(2026, 2, 5), "05/02/2026"),
        (lambda: CodeField("C"), "rss mra 80a01", "RSSMRA80A01", "RSSMRA80A01"),
    ],
)
def test_short_entries_are_written_out_when_the_field_is_left(
    qtbot: QtBot, field: Callable[[], Any], typed: str, value: object, shown: str
) -> None:
    one = field()
    qtbot.addWidget(one)
    one.show()
    qtbot.keyClicks(one.line, typed)
    assert one.value() == value
    one.normalise()
    assert one.line.text() == shown and one.entry_problem() == ""


def test_limits_are_said_in_the_fields_own_form(qtbot: QtBot) -> None:
    one = IntField("Giorni", lowest=0, highest=1200)
    qtbot.addWidget(one)
    qtbot.keyClicks(one.line, "1300")
    assert one.entry_problem() == "Il valore più grande è 1.200."


def test_the_calendar_gives_its_day_back(qtbot: QtBot) -> None:
    one = DateField("Dal", today=lambda: TODAY)
    qtbot.addWidget(one)
    one.show()
    qtbot.keyClick(one.line, Key.Key_F4)
    assert one.calendar is not None
    with qtbot.waitSignal(one.changed):
        one.calendar.view.activated.emit(one.calendar.view.selectedDate())
    assert one.value() == TODAY


def test_a_lookup_takes_the_answer_to_the_latest_question_only(qtbot: QtBot) -> None:
    asked: list[tuple[str, Callable[[Sequence[LookupChoice]], None]]] = []
    one = LookupField("Comune", lambda text, show: asked.append((text, show)))
    qtbot.addWidget(one)
    one.show()
    one.line.setFocus()
    qtbot.keyClicks(one.line, "fir")
    qtbot.waitUntil(lambda: len(asked) == 1)
    qtbot.keyClicks(one.line, "e")
    qtbot.waitUntil(lambda: len(asked) == 2)
    assert one.entry_problem() and one.value() is None
    asked[1][1]([LookupChoice(48017, "Firenze", "FI")])
    asked[0][1]([LookupChoice(1, "Firmo", "CS")])
    assert one.completer.completionModel().index(0, 0).data() == "Firenze"
    with qtbot.waitSignal(one.chosen):
        qtbot.keyClick(one.popup, Key.Key_Return)
    assert one.value() == LookupChoice(48017, "Firenze") and one.entry_problem() == ""
    one.restore_draft(json.loads(json.dumps(one.draft())))
    assert one.value() == LookupChoice(48017, "")


def merged_form(qtbot: QtBot) -> RecordForm:
    form = make_form()
    qtbot.addWidget(form)
    form.load(RECORD)
    return form


def test_what_others_changed_comes_under_what_is_typed(qtbot: QtBot) -> None:
    form = merged_form(qtbot)
    form.set_value("cap", "50053")
    assert merge_if_apart(form, {**RECORD, "name": "Bellini 1956"})
    assert form.value("name") == "Bellini 1956" and form.changes() == {"cap": ("50122", "50053")}
    form.undo_changes()
    assert form.values()["name"] == "Bellini 1956" and form.value("cap") == "50122"


def test_the_same_field_changed_by_two_is_not_merged_by_itself(qtbot: QtBot) -> None:
    form = merged_form(qtbot)
    form.set_value("cap", "50053")
    assert not merge_if_apart(form, {**RECORD, "cap": "50100"})
    assert form.changes() == {"cap": ("50122", "50053")}
    (field,) = changed_fields(form, {**RECORD, "cap": "50100"})
    assert field.clashes() and (field.before, field.now, field.mine) == ("50122", "50100", "50053")


@pytest.mark.parametrize(("side", "stays"), [("mine", "50053"), ("now", "50100")])
def test_the_side_that_was_chosen_is_saved(qtbot: QtBot, side: str, stays: str) -> None:
    form, saved, adopted = merged_form(qtbot), list[dict[str, Any]](), list[bool]()
    form.save_wanted.connect(lambda: saved.append({key: now for key, (_before, now) in form.changes().items()}))
    form.set_value("cap", "50053")
    form.set_value("name", "Oreficeria B.")
    now = {**RECORD, "cap": "50100", "fee": Decimal("700.00")}
    dialog = resolve_conflict(form, form, now, record="Bellini", adopt=lambda: adopted.append(True), reload=lambda: None)
    assert dialog is not None and [row.field.key for row in dialog.rows] == ["cap"]
    dialog.rows[0].choose(side)
    dialog.accepted.emit()
    assert adopted == [True] and form.value("cap") == stays and form.value("fee") == Decimal("700.00")
    assert saved == [{"name": "Oreficeria B."} | ({"cap": "50053"} if side == "mine" else {})]


def test_a_field_of_several_lines_is_never_squeezed(qtbot: QtBot) -> None:
    notes = MultilineField("Annotazioni", lines=3)
    qtbot.addWidget(notes)
    notes.show()
    notes.resize(300, 40)
    assert notes.edit.height() >= 3 * notes.edit.fontMetrics().lineSpacing()
