"""Documents in and out of the database."""

from __future__ import annotations

import os
import pathlib
import tracemalloc
from typing import Any

import pytest

from cms_desktop.core.errors import AppError, Cancelled, InvalidInput, NotAllowed
from cms_desktop.modules.registry.attachments import actions, copies, queries, rules, transfer
from cms_desktop.modules.registry.attachments.records import CHUNK, Outgoing
from cms_desktop.modules.registry.notes.records import Subject
from tests.access.arranged import add_customer
from tests.house import House

CUSTOMER = Subject("customers.customer", 1)


@pytest.fixture
def filed(house: House) -> House:
    with house.owner() as owner:
        add_customer(owner, "100")
    return house


def _work(house: House, login: str, work: Any) -> Any:
    session = house.log_in(login)
    try:
        with session.database.unit_of_work(1) as unit:
            return work(unit)
    finally:
        session.close()


def _content(house: House, attachment: int, folder: pathlib.Path) -> bytes:
    return _work(house, "marta.bellini", lambda unit: transfer.fetch_to(unit, attachment, folder / "letto")).read_bytes()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 9 * CHUNK + 17])
def test_a_document_comes_back_as_it_went(filed: House, tmp_path: pathlib.Path, size: int) -> None:
    content = os.urandom(size)
    (tmp_path / "atto.bin").write_bytes(content)
    attachment = _work(filed, "marta.bellini", lambda unit: actions.attach(unit, CUSTOMER, Outgoing("atto.bin", tmp_path / "atto.bin")))
    assert _content(filed, attachment, tmp_path) == content
    (row,) = _work(filed, "marta.bellini", lambda unit: queries.list_attachments(unit, CUSTOMER))
    assert (row.name, row.byte_count, row.author, row.version) == ("atto.bin", size, "Marta Bellini", 1)


def test_versions_follow_each_other_and_the_newest_is_listed(filed: House, tmp_path: pathlib.Path) -> None:
    def work(unit: Any) -> Any:
        first = actions.attach(unit, CUSTOMER, Outgoing("contratto.pdf", content=b"uno"))
        second = actions.attach_version(unit, first, Outgoing("contratto firmato.pdf", content=b"due"))
        third = actions.attach_version(unit, first, Outgoing("contratto firmato.pdf", content=b"tre"))
        return first, second, third, queries.list_attachments(unit, CUSTOMER)

    first, second, third, rows = _work(filed, "marta.bellini", work)
    assert [(row.attachment_id, row.version, row.versions) for row in rows] == [(third, 3, 3)]
    assert _content(filed, first, tmp_path) == b"uno"
    _work(filed, "marta.bellini", lambda unit: actions.remove_attachment(unit, third))
    rows = _work(filed, "marta.bellini", lambda unit: queries.list_attachments(unit, CUSTOMER))
    assert [(row.attachment_id, row.version) for row in rows] == [(second, 2)]
    versions = _work(filed, "marta.bellini", lambda unit: queries.list_versions(unit, first))
    assert [(one.version, one.remover) for one in versions] == [(3, "Marta Bellini"), (2, ""), (1, "")]


def test_a_party_shows_what_hangs_on_its_records_a_record_only_its_own(filed: House) -> None:
    def work(unit: Any) -> Any:
        actions.attach(unit, CUSTOMER, Outgoing("cliente.pdf", content=b"1"))
        actions.attach(unit, Subject("customers.contract", 1), Outgoing("contratto.pdf", content=b"2"))
        subjects = (Subject("registry.party", 1), Subject("customers.contract", 1))
        return [[row.name for row in queries.list_attachments(unit, subject)] for subject in subjects]

    assert _work(filed, "marta.bellini", work) == [["contratto.pdf", "cliente.pdf"], ["contratto.pdf"]]


def test_every_kind_of_record_names_a_table_and_columns_that_exist(filed: House) -> None:
    with filed.owner() as owner:
        missing = owner.execute(
            "select subject_table, wanted from registry.subject_kind, unnest(array[key_column, nullif(party_column, '')]) as wanted "
            "where wanted is not null and not exists (select from pg_attribute as a where a.attrelid = to_regclass(subject_table) "
            "and a.attname = wanted)"
        ).fetchall()
    assert missing == []


def test_a_damaged_content_is_noticed_and_nothing_of_it_is_kept(filed: House, tmp_path: pathlib.Path) -> None:
    attachment = _work(filed, "marta.bellini", lambda unit: actions.attach(unit, CUSTOMER, Outgoing("a.bin", content=b"x" * (CHUNK + 5))))
    with filed.owner() as owner:
        owner.execute("update registry.content_chunk set bytes = 'xxxxy' where position = 1")
    with pytest.raises(AppError) as caught:
        _content(filed, attachment, tmp_path)
    assert caught.value.key == "attachment_damaged"
    assert list(tmp_path.iterdir()) == []


def test_a_document_over_the_limit_is_refused_with_both_sizes_before_it_is_sent(filed: House) -> None:
    with filed.owner() as owner:
        owner.execute("insert into base.parameter (company_id, key, value) values (1, 'attachments.most_megabytes', '1')")
    with pytest.raises(InvalidInput, match=r"1,1 MB.*1 MB"):
        _work(
            filed, "marta.bellini", lambda unit: actions.attach(unit, CUSTOMER, Outgoing("grande.bin", content=b"x" * 1_100_000))
        )  # fmt: skip


def test_a_cancelled_transfer_leaves_nothing(filed: House, tmp_path: pathlib.Path) -> None:
    told: list[tuple[int, int]] = []

    def send(unit: Any) -> None:
        def progress(done: int, total: int, _phase: str) -> None:
            told.append((done, total))
            unit.is_cancelled = True

        unit.on_progress = progress
        actions.attach(unit, CUSTOMER, Outgoing("a.bin", content=b"x" * 10 * 1024 * 1024))

    with pytest.raises(Cancelled):
        _work(filed, "marta.bellini", send)
    assert told == [(8 * CHUNK, 10 * 1024 * 1024)]
    with filed.owner() as owner:
        assert owner.execute("select count(*) from registry.content").fetchone() == (0,)
        assert owner.execute("select count(*) from registry.content_chunk").fetchone() == (0,)


def test_neither_way_holds_the_whole_content_in_memory(filed: House, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "grande.bin"
    with path.open("wb") as file:
        for _ in range(48):
            file.write(os.urandom(1024 * 1024))

    def peak(work: Any) -> float:
        tracemalloc.start()
        try:
            _work(filed, "marta.bellini", work)
            return tracemalloc.get_traced_memory()[1] / 1048576
        finally:
            tracemalloc.stop()

    assert peak(lambda unit: actions.attach(unit, CUSTOMER, Outgoing("grande.bin", path))) < 16
    assert peak(lambda unit: transfer.fetch_to(unit, 1, tmp_path / "letto.bin")) < 16
    assert (tmp_path / "letto.bin").read_bytes() == path.read_bytes()


def test_a_reader_attaches_nothing_and_a_user_removes_only_their_own(filed: House) -> None:
    with pytest.raises(NotAllowed):
        _work(filed, "rita.revisore", lambda unit: actions.attach(unit, CUSTOMER, Outgoing("a.txt", content=b"a")))
    mine = _work(filed, "marta.bellini", lambda unit: actions.attach(unit, CUSTOMER, Outgoing("a.txt", content=b"a")))
    with pytest.raises(NotAllowed):
        _work(filed, "carlo.conti", lambda unit: actions.remove_attachment(unit, mine))
    with filed.owner() as owner:
        owner.execute("update base.person set rank = 'Resp' where login = 'carlo.conti'")
    _work(filed, "carlo.conti", lambda unit: actions.remove_attachment(unit, mine))


@pytest.mark.parametrize(
    ("given", "stored", "on_disk"),
    [
        ("../../etc/passwd", "_.._etc_passwd", "_.._etc_passwd"),
        ("C:\\temp\\a.pdf", "C:_temp_a.pdf", "C__temp_a.pdf"),
        ("perché?.txt", "perché?.txt", "perché_.txt"),
        ("NUL.txt", "NUL.txt", "_NUL.txt"),
        ("", "documento", "documento"),
    ],
)
def test_names_become_safe_and_keep_their_ending(given: str, stored: str, on_disk: str) -> None:
    assert (rules.stored_name(given), rules.name_on_disk(given)) == (stored, on_disk)
    assert len(rules.stored_name("x" * 400 + ".pdf")) == 255 and rules.stored_name("x" * 400 + ".pdf").endswith(".pdf")
    assert len(rules.name_on_disk("è" * 300 + ".pdf").encode()) <= 200 and rules.name_on_disk("è" * 300 + ".pdf").endswith(".pdf")


def test_temporary_copies_are_read_only_and_go_with_the_program_that_made_them(tmp_path: pathlib.Path) -> None:
    abandoned = tmp_path / "cms-desktop-999999999-abc"
    (abandoned / "1").mkdir(parents=True)
    (abandoned / "1" / "vecchio.pdf").write_bytes(b"x")
    place = copies.TemporaryCopies(tmp_path)
    path = place.place_for(5, "contratto: firmato?.pdf")
    path.write_bytes(b"x")
    place.close_for_writing(path)
    assert path.name == "contratto_ firmato_.pdf" and not abandoned.exists()
    assert path.stat().st_mode & 0o777 == 0o400 and path.parent.parent.stat().st_mode & 0o077 == 0
    place.remove()
    assert list(tmp_path.iterdir()) == []
