"""Reads a file of direct debits back, whatever its form, without a line of the writer: what will be sent is looked at before it is kept."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, cast

from lxml import etree

from cms_desktop.core.errors import InvalidInput
from cms_desktop.modules.bank_effects.sdd.records import Amendment, Debit, DebitBatch, DebitCreditor, Scheme, Sequence


@dataclass(frozen=True)
class FileSummary:
    """What the summary page prints: counts and totals as found in the file, declared and computed."""

    message: str
    count: int
    total: Decimal
    blocks: tuple[tuple[datetime.date, Scheme, Sequence, int, Decimal], ...]


def read_debits(content: bytes) -> DebitBatch:
    """The batch a file holds. Raises InvalidInput when it is no such file, or its declared count or sum is not that of its debits."""
    root = _root(content)
    header = _one(root, "GrpHdr")
    debits = tuple(debit for block in _all(root, "PmtInf") for debit in _debits(block))
    first = _one(root, "PmtInf")
    creditor = DebitCreditor(
        _text(first, "Cdtr/Nm"), _text(first, "CdtrSchmeId/Id/PrvtId/Othr/Id"), _text(first, "CdtrAcct/Id/IBAN"),
        _text(header, "InitgPty/Id/OrgId/Othr/Id"), _text(first, "CdtrAgt/FinInstnId/BIC") or _text(first, "CdtrAgt/FinInstnId/BICFI"),
    )  # fmt: skip
    made = datetime.datetime.fromisoformat(_text(header, "CreDtTm"))
    batch = DebitBatch(creditor, _text(header, "MsgId"), made.astimezone(), debits)
    declared = (int(_text(header, "NbOfTxs")), Decimal(_text(header, "CtrlSum")))
    if declared != (len(debits), batch.total):
        raise InvalidInput("Il file dichiara totali diversi dai suoi addebiti: rifarlo.", key="debit_totals")
    return batch


def summary(batch: DebitBatch) -> FileSummary:
    blocks = tuple(
        (day, scheme, sequence, len(part), sum((one.amount for one in part), Decimal(0))) for day, scheme, sequence, part in batch.groups()
    )
    return FileSummary(batch.message, len(batch.debits), batch.total, blocks)


def _root(content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise InvalidInput("Non è un file XML leggibile: {why}", key="debit_unreadable", why=error.msg or "") from error
    for node in root.iter("{*}CBISDDReqLogMsg", "{*}CstmrDrctDbtInitn"):
        return node
    raise InvalidInput("Il file non contiene addebiti diretti SEPA.", key="debit_none")


def _debits(block: etree._Element) -> Iterator[Debit]:
    due_on = datetime.date.fromisoformat(_text(block, "ReqdColltnDt"))
    scheme = cast(Scheme, _text(block, "PmtTpInf/LclInstrm/Cd"))
    sequence = cast(Sequence, _text(block, "PmtTpInf/SeqTp"))
    for node in _all(block, "DrctDbtTxInf"):
        mandate = _one(node, "DrctDbtTx/MndtRltdInf")
        yield Debit(
            int(_text(node, "PmtId/InstrId")), _text(node, "PmtId/EndToEndId"), Decimal(_text(node, "InstdAmt")), due_on,
            _text(mandate, "MndtId"), datetime.date.fromisoformat(_text(mandate, "DtOfSgntr")), _text(node, "Dbtr/Nm"),
            _text(node, "DbtrAcct/Id/IBAN"), _text(node, "RmtInf/Ustrd"), scheme, sequence,
            _text(node, "DbtrAgt/FinInstnId/BIC") or _text(node, "DbtrAgt/FinInstnId/BICFI"),
            _amendment(mandate) if _text(mandate, "AmdmntInd") == "true" else None,
        )  # fmt: skip


def _amendment(mandate: etree._Element) -> Amendment:
    """An old account at another bank is only announced (SMNDA), not named."""
    at = "AmdmntInfDtls"
    announced = "SMNDA" in (_text(mandate, f"{at}/OrgnlDbtrAcct/Id/Othr/Id"), _text(mandate, f"{at}/OrgnlDbtrAgt/FinInstnId/Othr/Id"))
    old: Literal["SMNDA", ""] = "SMNDA" if announced else ""
    return Amendment(
        _text(mandate, f"{at}/OrgnlMndtId"), _text(mandate, f"{at}/OrgnlCdtrSchmeId/Id/PrvtId/Othr/Id"),
        _text(mandate, f"{at}/OrgnlCdtrSchmeId/Nm"), old,
    )  # fmt: skip


def _all(node: etree._Element, path: str) -> Iterator[etree._Element]:
    """Elements by their local names: the namespace carries form and version."""
    yield from node.iterfind("/".join(f"{{*}}{name}" for name in path.split("/")))


def _one(node: etree._Element, path: str) -> etree._Element:
    found = next(_all(node, path), None)
    if found is None:
        raise InvalidInput("Il file non contiene addebiti diretti SEPA.", key="debit_none")
    return found


def _text(node: etree._Element, path: str) -> str:
    found = next(_all(node, path), None)
    return "" if found is None or found.text is None else found.text.strip()
