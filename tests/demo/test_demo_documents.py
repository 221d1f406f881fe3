"""Every file of the demo would pass: the official schema, the controls, the bank's record layout."""

from __future__ import annotations

from lxml import etree

from cms_desktop.db.profile import ConnectionProfile
from cms_desktop.demo.documents import make_documents
from tests.cluster import owner_connection, test_cluster
from tests.demo.test_demo import _loaded
from tests.modules.bank_effects.riba_reader import read_riba
from tests.modules.billing.schema import schema


def test_every_invoice_of_the_demo_becomes_a_valid_file_and_every_batch_reads_back() -> None:
    name = _loaded(120, months=5)
    address = test_cluster()
    profile = ConnectionProfile("demo", f"{address.host}:{address.port}", name, is_local=True)
    made = make_documents(profile, lambda _text: None)
    with owner_connection(name) as connection:
        assert connection.execute("select count(*) from billing.invoice where state = 'issued'").fetchone() == (made,)
        for file_name, content in connection.execute("select file_name, content from billing.transmission"):
            assert schema().validate(etree.fromstring(content)), (file_name, schema().error_log)
        batches = connection.execute(
            "select file_content, effect_count, total_amount from bank_effects.effect_batch where state = 'presented'"
        ).fetchall()
        assert batches
        for content, count, total in batches:
            records = read_riba(content)
            amounts = [record for record in records if record["record"] == "14"]
            assert len(records) == 7 * count + 2
            assert sum(int(str(record["cents"])) for record in amounts) == int(total * 100)
