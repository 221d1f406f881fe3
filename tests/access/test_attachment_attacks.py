"""Attachments: neither a hash, nor an id, nor an upload of somebody else gives a content."""

from __future__ import annotations

import hashlib

import psycopg
import pytest

from tests.access.arranged import add_customer, outcome
from tests.access.arranged_notes import attach, value
from tests.house import House

CONTRACT = b"il contratto del cliente" * 20_000  # two chunks
READ = "select count(*) from registry.read_chunks(%s, %s, 0, 16)"


@pytest.fixture
def holding(house: House) -> House:
    """Marta attached a contract to customer 1 of company 1; Bruno's company 2 has customer 2."""
    with house.owner() as owner, house.person("marta.bellini") as marta:
        add_customer(owner, "100")
        add_customer(owner, "200", company=2)
        attach(marta, CONTRACT, "customers.customer", 1, "contratto.pdf")
    return house


def test_contents_are_kept_once_in_a_company_and_apart_between_companies(holding: House) -> None:
    with holding.owner() as owner, holding.person("marta.bellini") as marta, holding.person("bruno.estraneo") as bruno:
        attach(marta, CONTRACT, "registry.party", 1)
        attach(bruno, CONTRACT, "registry.party", 2, company=2)
        kept = owner.execute(
            "select company_id, count(distinct content_id) from registry.attachment group by 1 order by 1"
        ).fetchall()  # fmt: skip
        assert kept == [(1, 1), (2, 1)]
        attach(marta, b"altro", "registry.party", 1)  # sweeps the double
        assert value(owner, "select count(*) from registry.content where company_id = 1") == 2
        assert value(owner, "select count(*) from registry.content where state = 'double'") == 0


def test_contents_are_no_table_of_persons(holding: House) -> None:
    with holding.person("anna.admin") as anna:
        for table in ("registry.content", "registry.content_chunk"):
            assert outcome(anna, f"select 1 from {table}") == "42501"
        assert outcome(anna, "select content_id from registry.attachment") == "42501"
        assert outcome(anna, "insert into registry.attachment (company_id, name) values (1, 'x')") == "42501"
        for function in ("settle_content(1, 1)", "sweep_contents(1)"):
            assert outcome(anna, f"select registry.{function}") == "42501"


def test_a_hash_alone_attaches_nothing(holding: House) -> None:
    """There is no argument for a hash: what is attached is what was sent, and all of it."""
    with holding.owner() as owner, holding.person("carlo.conti") as carlo:
        digest = hashlib.sha256(b"".join(hashlib.sha256(CONTRACT[n : n + 262_144]).digest() for n in range(0, len(CONTRACT), 262_144)))
        assert value(owner, "select digest from registry.content") == digest.digest()
        mine = attach(carlo, digest.digest(), "registry.party", 1)
        assert value(carlo, "select byte_count from registry.open_attachment(1, %s)", mine) == 32


def test_the_content_of_an_upload_belongs_to_who_sends_it(holding: House) -> None:
    with holding.person("marta.bellini") as marta, holding.person("carlo.conti") as carlo:
        upload = value(marta, "select registry.begin_upload(1, 5)")
        marta.execute("select registry.add_chunk(1, %s, 0, 'segreto')", (upload,))
        assert outcome(carlo, "select registry.add_chunk(1, %s, 1, 'x')", (upload,)) == "CM081"
        assert outcome(carlo, "select registry.attach(1, %s, 'registry.party', 1, 'x')", (upload,)) == "CM081"
        assert outcome(carlo, "select registry.attach(1, 1, 'registry.party', 1, 'x')") == "CM081"  # a complete content
        assert outcome(marta, "select registry.attach(1, 1, 'registry.party', 1, 'x')") == "CM081"  # her own, complete
        assert outcome(marta, "select registry.add_chunk(1, 1, 2, 'x')") == "CM081"  # nothing is added to a complete one
        marta.execute("select registry.attach(1, %s, 'registry.party', 1, 'x')", (upload,))
        assert outcome(marta, "select registry.attach(1, %s, 'registry.party', 1, 'x')", (upload,)) == "CM081"  # used up


def test_chunks_come_whole_and_in_order_up_to_the_limit(holding: House) -> None:
    with holding.owner() as owner, holding.person("marta.bellini") as marta:
        upload = value(marta, "select registry.begin_upload(1, 5)")
        full = b"x" * 262_144
        for place, part in ((1, full), (-1, full), (None, full), (0, b""), (0, None), (0, full + b"x")):
            assert outcome(marta, "select registry.add_chunk(1, %s, %s, %s)", (upload, place, part)) == "CM082"
        marta.execute("select registry.add_chunk(1, %s, 0, 'corto')", (upload,))
        assert outcome(marta, "select registry.add_chunk(1, %s, 1, 'dopo uno corto')", (upload,)) == "CM082"
        owner.execute("insert into base.parameter (company_id, key, value) values (1, 'attachments.most_megabytes', '1')")
        assert outcome(marta, "select registry.begin_upload(1, 1048577)") == "CM080"
        lied = value(marta, "select registry.begin_upload(1, 10)")
        for place in range(4):
            marta.execute("select registry.add_chunk(1, %s, %s, %s)", (lied, place, full))
        assert outcome(marta, "select registry.add_chunk(1, %s, 4, 'x')", (lied,)) == "CM080"


def test_reading_follows_the_right_of_the_record(holding: House) -> None:
    with holding.owner() as owner, holding.person("carlo.conti") as carlo, holding.person("bruno.estraneo") as bruno:
        assert value(carlo, READ, 1, 1) == 2
        owner.execute("delete from base.permission where person_id = 3 and function = 'customers.read'")
        assert outcome(carlo, "select attachment_id from registry.attachment") == "0 rows"
        refused = [outcome(carlo, READ, (1, number)) for number in (1, 999)]
        assert refused == ["CM083", "CM083"]
        assert outcome(carlo, "select * from registry.open_attachment(1, 1)") == "CM083"
        for call in ("remove_attachment(1, 1)", "describe_attachment(1, 1, 'x', '')", "attach_version(1, 1, 1, 'x')"):
            assert outcome(carlo, f"select registry.{call}") == "CM083"
        assert outcome(carlo, "select registry.attach(1, 1, 'customers.customer', 1, 'x')") == "CM001"
        assert outcome(bruno, READ, (1, 1)) == "CM001"
        assert outcome(bruno, READ, (2, 1)) == "CM083"


@pytest.mark.parametrize("subject", ["base.permission", "base.password_history", "sec.applied_change", "pg_catalog.pg_authid", "registry.content", "", "x", None])  # fmt: skip
def test_only_listed_records_can_be_attached_to(holding: House, subject: str | None) -> None:
    with holding.person("anna.admin") as anna:
        upload = value(anna, "select registry.begin_upload(1, 0)")
        assert outcome(anna, "select registry.attach(1, %s, %s, 1, 'x')", (upload, subject)) == "CM070"
        assert outcome(anna, "select registry.write_note(1, %s, 1, 'x')", (subject,)) == "CM070"


def test_a_record_of_another_company_is_no_subject(holding: House) -> None:
    with holding.person("dora.doppia") as dora:
        upload = value(dora, "select registry.begin_upload(1, 0)")
        assert outcome(dora, "select registry.attach(1, %s, 'registry.party', 2, 'x')", (upload,)) == "CM070"
        assert outcome(dora, "select registry.write_note(1, 'registry.party', 2, 'x')") == "CM070"


def test_content_leaves_with_its_last_attachment_and_not_before(holding: House) -> None:
    with holding.owner() as owner, holding.person("marta.bellini") as marta:
        second = attach(marta, CONTRACT, "registry.party", 1)
        marta.execute("select registry.remove_attachment(1, 1)")
        assert value(marta, READ, 1, second) == 2
        assert outcome(marta, READ, (1, 1)) == "CM083"
        marta.execute("select registry.remove_attachment(1, %s)", (second,))
        assert value(owner, "select count(*) from registry.content_chunk") == 0
        assert value(owner, "select count(*) from registry.attachment where removed_by = 2 and removed_at is not null") == 2


def test_a_content_that_is_being_attached_is_not_swept(holding: House) -> None:
    """Carlo attaches the same content while Marta removes the only attachment of it."""
    with holding.owner() as owner, holding.person("marta.bellini") as marta, holding.person("carlo.conti") as carlo:
        carlo.execute("begin")
        second = attach(carlo, CONTRACT, "registry.party", 1)
        marta.execute("select registry.remove_attachment(1, 1)")  # would sweep it, if it were not held
        carlo.execute("commit")
        assert value(carlo, READ, 1, second) == 2
        assert value(owner, "select count(*) from registry.content where state = 'complete'") == 1


def test_two_who_send_the_same_new_content_at_once_share_it(holding: House) -> None:
    import threading

    fresh = b"nuovo" * 60_000
    with holding.owner() as owner, holding.person("marta.bellini") as marta, holding.person("carlo.conti") as carlo:
        marta.execute("begin")
        attach(marta, fresh, "registry.party", 1)
        waiting = threading.Thread(target=attach, args=(carlo, fresh, "registry.party", 1))
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
        marta.execute("commit")
        waiting.join(5)
        assert value(owner, "select count(distinct content_id) from registry.attachment where subject_table = 'registry.party'") == 1


def test_a_name_with_a_path_or_control_characters_is_refused(holding: House) -> None:
    with holding.person("marta.bellini") as marta:
        for name in ("../../etc/passwd", "a\\b", "a\nb", "  ", "x" * 256):
            upload = value(marta, "select registry.begin_upload(1, 0)")
            with pytest.raises(psycopg.errors.CheckViolation):
                marta.execute("select registry.attach(1, %s, 'registry.party', 1, %s)", (upload, name))
