"""Whatever stands in the fields: a document is either refused with a reason or valid by the official schema."""

import dataclasses
import datetime
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cms_desktop.modules.billing.fatturapa.checks import check_document
from cms_desktop.modules.billing.fatturapa.write import invoice_xml
from tests.modules.billing.schema import assert_valid
from tests.modules.billing.test_fatturapa import full_document

FULL = full_document()
TEXTS = (
    st.text(max_size=90)
    | st.text(st.characters(max_codepoint=0x2FF), max_size=250)
    | st.sampled_from(
        [
            "",
            " ",
            "\n",
            "€",
            "0",
            "IT",
            "it",
            "XX",
            "N2.1",
            "I",
            "S",
            "TP01",
            "MP05",
            "a@b.it",
            "00000",
            "A" * 1001,
            "0000000",
            "\u00ad",
            "\x85",
            "٣٤",
        ]
    )
)
NUMBERS = (
    st.decimals("-1e13", "1e13", places=2)
    | st.decimals("-1e11", "1e11", places=9)
    | st.sampled_from(
        [
            Decimal(text)
            for text in ("NaN", "Infinity", "-Infinity", "-0", "1E+3", "1E-9", "99999999999.99", "100000000000", "100.01", "100")
        ]
    )
)


def places(record, path=()):
    """Path and value of every text and number of a document, nested records included."""
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        if dataclasses.is_dataclass(value):
            yield from places(value, (*path, field.name))
        elif isinstance(value, tuple):
            for index, part in enumerate(value):
                if dataclasses.is_dataclass(part):
                    yield from places(part, (*path, (field.name, index)))
                else:
                    yield (*path, (field.name, index)), part
        else:
            yield (*path, field.name), value


def changed(record, path, value):
    step, *rest = path
    if isinstance(step, tuple):
        name, index = step
        parts = list(getattr(record, name))
        parts[index] = changed(parts[index], rest, value) if rest else value
        return dataclasses.replace(record, **{name: tuple(parts)})
    return dataclasses.replace(record, **{step: changed(getattr(record, step), rest, value) if rest else value})


TEXT_PLACES = [path for path, value in places(FULL) if isinstance(value, str)]
NUMBER_PLACES = [path for path, value in places(FULL) if isinstance(value, Decimal)]
CHANGES = st.tuples(st.sampled_from(TEXT_PLACES), TEXTS) | st.tuples(st.sampled_from(NUMBER_PLACES), NUMBERS)


@settings(max_examples=400, deadline=None)
@given(st.lists(CHANGES, min_size=1, max_size=3))
@example([(("buyer", "recipient_code"), "UFE0A1")])
def test_a_document_is_refused_with_a_reason_or_valid(changes):
    made = FULL
    for path, value in changes:
        made = changed(made, path, value)
    problems = check_document(made, today=datetime.date(2026, 12, 31))
    if problems:
        assert all(str(problem) for problem in problems)
    else:
        assert_valid(invoice_xml(made))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(TEXT_PLACES), TEXTS)
def test_a_text_in_any_field_is_refused_or_valid(path, text):
    made = changed(FULL, path, text)
    if not check_document(made):
        assert_valid(invoice_xml(made))


def test_the_document_itself_passes():
    assert check_document(FULL) == [] and len(TEXT_PLACES) > 50 and len(NUMBER_PLACES) > 20
