import datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from cms_desktop.core.errors import InvalidInput
from cms_desktop.documents.spreadsheet import TableColumn, read_rows, write_table

COLUMNS = (TableColumn("Cliente"), TableColumn("Scadenza", "date"), TableColumn("Importo", "amount", is_summed=True))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_files_are_read_in_any_usual_form(tmp_path, encoding, delimiter):
    path = tmp_path / "clienti.csv"
    path.write_bytes(f"Codice{delimiter}Città\r\n007{delimiter}Forlì\r\n\r\n012{delimiter}\r\n".encode(encoding))
    sheet = read_rows(path)
    assert sheet.headers == ("Codice", "Città") and sheet.rows == (("007", "Forlì"), ("012", ""))


def test_amounts_with_commas_do_not_split_a_semicolon_file(tmp_path):
    path = tmp_path / "importi.csv"
    path.write_text('Nome;Importo\n"Rossi; Bianchi";1.220,05\nVerdi, Neri;3,10\n', encoding="utf-8")
    assert read_rows(path).rows == (("Rossi; Bianchi", "1.220,05"), ("Verdi, Neri", "3,10"))


def test_a_file_with_one_column_is_read(tmp_path):
    path = tmp_path / "codici.csv"
    path.write_text("Codice\n001\n002\n", encoding="utf-8")
    assert read_rows(path).rows == (("001",), ("002",))


def test_xlsx_numbers_are_shown_as_they_look(tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(["Codice", "CAP", "Prezzo", "Dal", "Ora", "Attivo", None])
    sheet.append([12.0, "00185", 0.1, datetime.date(2026, 3, 31), datetime.datetime(2026, 3, 31, 8, 30), True, "x"])
    sheet.append([12345678901, None, 1e-7, None, None, None, None])
    book.save(tmp_path / "a.xlsx")
    read = read_rows(tmp_path / "a.xlsx")
    assert read.headers == ("Codice", "CAP", "Prezzo", "Dal", "Ora", "Attivo")
    assert read.rows == (("12", "00185", "0.1", "31/03/2026", "31/03/2026 08:30", "sì"), ("12345678901", "", "0.0000001", "", "", ""))


@pytest.mark.parametrize(("name", "content"), [("a.xlsx", b"PKjunk"), ("b.xlsx", b"a;b"), ("c.csv", b""), ("d.csv", b"PK\x03\x04\x00")])
def test_a_file_that_is_no_table_is_refused_with_advice(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidInput):
        read_rows(tmp_path / name)
    with pytest.raises(InvalidInput):
        read_rows(tmp_path / "missing.csv")


def test_a_written_table_has_formats_totals_and_a_header_that_stays(tmp_path):
    rows = [("Rossi", datetime.date(2026, 4, 30), Decimal("0.10")), ("Bianchi", None, Decimal("0.20")), ("Verdi", None, None)]
    assert write_table(tmp_path / "t.xlsx", COLUMNS, iter(rows), title="Scadenzario 04/2026") == 3
    sheet = load_workbook(tmp_path / "t.xlsx").active
    assert sheet.title == "Scadenzario 04 2026" and sheet.freeze_panes == "A2" and sheet.auto_filter.ref == "A1:C4"
    assert sheet["A1"].font.bold and sheet["C2"].number_format == "#,##0.00" and sheet["B2"].number_format == "dd/mm/yyyy"
    assert (sheet["A5"].value, sheet["C5"].value) == ("Totale", 0.3)
    assert sheet.column_dimensions["A"].width == 28


@pytest.mark.parametrize("text", ["=1+1", "+39 02", "-5", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_text_that_looks_like_a_formula_stays_text(tmp_path, text):
    write_table(tmp_path / "t.xlsx", COLUMNS[:1], [(text,)])
    cell = load_workbook(tmp_path / "t.xlsx").active["A2"]
    assert cell.value == text and cell.data_type == "s"
    assert read_rows(tmp_path / "t.xlsx").rows == ((text,),)


def test_control_signs_and_aware_times_are_written(tmp_path):
    columns = (TableColumn("Nota"), TableColumn("Ora", "timestamp"))
    write_table(tmp_path / "t.xlsx", columns, [("a\x00b\x0bc", datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC))])
    assert read_rows(tmp_path / "t.xlsx").rows[0][0] == "abc"
