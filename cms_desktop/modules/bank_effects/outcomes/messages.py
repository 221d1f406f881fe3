"""Reads what banks answer to direct debits: pain.002 (ISO), the status report of the CBI, and returns in camt.053 and camt.054.

Elements are found by their local names, since the namespace carries the version.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from lxml import etree

from cms_desktop.core.errors import InvalidInput
from cms_desktop.modules.bank_effects.outcomes.records import Form, Outcome, OutcomeFile, Result, Scope

MOST_BYTES = 200 * 1024 * 1024
STATUS: dict[str, Result] = {
    "RJCT": "unpaid", "ACCP": "accepted", "ACTC": "accepted", "ACSP": "accepted", "ACWC": "accepted", "PDNG": "accepted", "RCVD": "accepted",
    "ACSC": "paid", "ACCC": "paid", "CANC": "recalled",
}  # fmt: skip
MESSAGES: dict[str, Form] = {
    "CstmrPmtStsRpt": "pain.002",
    "CBISDDStsRptLogMsg": "cbi_sdd",
    "BkToCstmrStmt": "camt",
    "BkToCstmrDbtCdtNtfctn": "camt",
}


def read_messages(content: bytes) -> OutcomeFile:
    """Every answer of the file. Raises InvalidInput when it is none of these messages, saying what it should be."""
    root = _parse(content)
    for node in root.iter(*(f"{{*}}{name}" for name in MESSAGES)):
        form = MESSAGES[etree.QName(node).localname]
        outcomes = tuple(_returns(node) if form == "camt" else _statuses(node))
        return OutcomeFile(form, _text(node, "GrpHdr/MsgId"), outcomes, _text(node, "OrgnlGrpInfAndSts/OrgnlMsgId"))
    raise InvalidInput("Il file non contiene esiti: serve un pain.002, un esito SDD CBI, un camt.053 o un camt.054.", key="outcome_none")


def _parse(content: bytes) -> etree._Element:
    if len(content) > MOST_BYTES:
        raise InvalidInput("Il file è troppo grande per un flusso di esiti.", key="outcome_too_large")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise InvalidInput("Non è un file XML leggibile: {why}", key="outcome_unreadable", why=error.msg or "") from error
    if root.getroottree().docinfo.doctype:
        raise InvalidInput("Non è un file XML leggibile: {why}", key="outcome_unreadable", why="DOCTYPE")
    return root


# ---- pain.002 and the CBI's report --------------------------------------------------------------------------------------


def _statuses(message: etree._Element) -> Iterator[Outcome]:
    """One for each debit named; a block or a message refused as a whole gives one for all of it."""
    told_on = _date(_text(message, "GrpHdr/CreDtTm"))
    about = _text(message, "OrgnlGrpInfAndSts/OrgnlMsgId")
    named = 0
    for block in _all(message, "OrgnlPmtInfAndSts"):
        debits = list(_all(block, "TxInfAndSts"))
        for debit in debits:
            yield _status(debit, _text(debit, "TxSts"), told_on, about)
        if not debits and _text(block, "PmtInfSts"):
            yield _status(block, _text(block, "PmtInfSts"), told_on, about, "block", _text(block, "OrgnlPmtInfId"))
        named += 1
    if not named and _text(message, "OrgnlGrpInfAndSts/GrpSts"):
        group = next(_all(message, "OrgnlGrpInfAndSts"))
        yield _status(group, _text(group, "GrpSts"), told_on, about, "message", about)


def _status(node: etree._Element, status: str, told_on: datetime.date | None, about: str, scope: Scope = "one", name: str = "") -> Outcome:
    code = _text(node, "StsRsnInf/Rsn/Cd") or _text(node, "StsRsnInf/Rsn/Prtry") or status
    number, end_to_end = _text(node, "OrgnlInstrId"), name or _text(node, "OrgnlEndToEndId")
    original = next(_all(node, "OrgnlTxRef"), node)
    amount, due_on = _amount(_text(original, "Amt/InstdAmt")), _date(_text(original, "ReqdColltnDt"))
    words = " ".join(filter(None, (_text(one, ".") for one in _all(node, "StsRsnInf/AddtlInf"))))
    return Outcome(
        _key(about, scope, number, end_to_end, status, code, str(amount)), STATUS.get(status, "unknown"), code, amount,
        int(number) if number.isdigit() else None, end_to_end, _text(original, "MndtRltdInf/MndtId"), due_on, told_on,
        _amount(_text(node, "ChrgsInf/Amt")), words, scope=scope,
    )  # fmt: skip


# ---- camt -------------------------------------------------------------------------------------------------------------


def _returns(message: etree._Element) -> Iterator[Outcome]:
    """Movements that take back a debit credited before (they carry RtrInf); everything else of a statement is not an outcome."""
    for entry in _all_of(message, ("Stmt/Ntry", "Ntfctn/Ntry")):
        booked = _date(_text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm"))
        for debit in _all(entry, "NtryDtls/TxDtls"):
            if next(_all(debit, "RtrInf"), None) is None:
                continue
            code = _text(debit, "RtrInf/Rsn/Cd") or _text(debit, "RtrInf/Rsn/Prtry") or "MS03"
            end_to_end, mandate = _text(debit, "Refs/EndToEndId"), _text(debit, "Refs/MndtId")
            number = _text(debit, "Refs/InstrId")
            amount = _amount(
                _text(debit, "AmtDtls/InstdAmt/Amt") or _text(debit, "AmtDtls/TxAmt/Amt") or _text(debit, "Amt") or _text(entry, "Amt")
            )
            words = " ".join(filter(None, (_text(one, ".") for one in _all(debit, "RtrInf/AddtlInf"))))
            fee = _amount(_text(debit, "Chrgs/TtlChrgsAndTaxAmt") or _text(debit, "Chrgs/Rcrd/Amt") or _text(debit, "Chrgs/Amt"))
            is_taken_back = (_text(debit, "CdtDbtInd") or _text(entry, "CdtDbtInd")) == "DBIT"
            yield Outcome(
                _key("camt", number, end_to_end, mandate, code, str(amount), str(booked)), "unpaid" if is_taken_back else "unknown", code,
                amount, int(number) if number.isdigit() else None, "" if end_to_end == "NOTPROVIDED" else end_to_end, mandate,
                None, booked, fee, words,
            )  # fmt: skip


# ---- elements ---------------------------------------------------------------------------------------------------------


def _key(*facts: str) -> str:
    return hashlib.sha256("|".join(facts).encode()).hexdigest()[:32]


def _amount(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise InvalidInput("«{value}» non è un importo.", key="outcome_amount", value=text) from error
    if not amount.is_finite() or amount < 0 or amount != round(amount, 2):
        raise InvalidInput("«{value}» non è un importo.", key="outcome_amount", value=text)
    return round(amount, 2)


def _date(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text[:10]) if text else None
    except ValueError as error:
        raise InvalidInput("«{value}» non è una data.", key="outcome_date", value=text) from error


def _all(node: etree._Element, path: str) -> Iterator[etree._Element]:
    yield from node.iterfind("/".join(f"{{*}}{name}" for name in path.split("/")))


def _all_of(node: etree._Element, paths: tuple[str, ...]) -> Iterator[etree._Element]:
    for path in paths:
        yield from _all(node, path)


def _text(node: etree._Element, path: str) -> str:
    found = node if path == "." else next(_all(node, path), None)
    return "" if found is None or found.text is None else " ".join(found.text.split())
