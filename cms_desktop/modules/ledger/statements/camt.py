"""Reads camt.053 (ISO 20022 Bank-to-Customer Statement), versions .02 to .13: what the reader uses did not change its place.

A batch entry (one booking of many transfers) gives a line for each transaction that states its own amount.
"""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from lxml import etree

from cms_desktop.core.errors import InvalidInput
from cms_desktop.modules.ledger.statements.records import Statement, StatementLine

MOST_BYTES = 200 * 1024 * 1024
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001."
BOOKED = ("BOOK", "")


def read_camt(content: bytes) -> list[Statement]:
    """Every statement of the file. Raises InvalidInput when it is no camt.053, saying what is wrong."""
    root = _parse(content)
    found = [_statement(node) for node in _all(root, "BkToCstmrStmt/Stmt")]
    if not found:
        raise InvalidInput("Il file camt.053 non contiene nessun estratto conto.", key="camt_empty")
    return found


def _parse(content: bytes) -> etree._Element:
    if len(content) > MOST_BYTES:
        raise InvalidInput("Il file è troppo grande per un estratto conto.", key="camt_too_large")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise InvalidInput("Non è un file XML leggibile: {why}", key="camt_unreadable", why=error.msg or "") from error
    namespace = etree.QName(root).namespace or ""
    if root.getroottree().docinfo.doctype or not namespace.startswith(NAMESPACE):
        raise InvalidInput("Non è un estratto conto camt.053: chiedi alla banca il formato ISO 20022.", key="camt_not_a_statement")
    return root


def _statement(node: etree._Element) -> Statement:
    iban = _text(node, "Acct/Id/IBAN") or _text(node, "Acct/Id/Othr/Id")
    currency = _text(node, "Acct/Ccy") or next((one.get("Ccy", "") for one in _all(node, "Ntry/Amt")), "EUR")
    if currency != "EUR":
        raise InvalidInput(
            "Il conto {iban} è in {currency}: qui si registrano solo movimenti in euro.", key="camt_currency", iban=iban, currency=currency
        )
    seen: Counter[str] = Counter()
    lines = tuple(line for entry in _all(node, "Ntry") for line in _lines(entry, iban, seen))
    return Statement(iban, currency, lines, _balance(node, ("OPBD", "PRCD")), _balance(node, ("CLBD",)))


def _balance(node: etree._Element, codes: tuple[str, ...]) -> Decimal | None:
    for balance in _all(node, "Bal"):
        if _text(balance, "Tp/CdOrPrtry/Cd") in codes:
            return _signed(balance)
    return None


def _lines(entry: etree._Element, iban: str, seen: Counter[str]) -> Iterator[StatementLine]:
    if (_text(entry, "Sts/Cd") or _text(entry, "Sts")) not in BOOKED:  # pending and informative movements move nothing
        return
    details = list(_all(entry, "NtryDtls/TxDtls"))
    amounts = [_own_amount(one) for one in details]
    parts = [amount for amount in amounts if amount is not None]
    total = _amount(_text(entry, "Amt"))
    if len(details) > 1 and len(parts) == len(details) and sum(parts, Decimal(0)) == total:
        for one, amount in zip(details, parts, strict=True):
            yield _line(entry, one, amount, iban, seen)
    else:
        yield _line(entry, details[0] if len(details) == 1 else None, total, iban, seen)


def _line(entry: etree._Element, detail: etree._Element | None, amount: Decimal, iban: str, seen: Counter[str]) -> StatementLine:
    sign = 1 if _text(entry, "CdtDbtInd") == "CRDT" else -1
    booked = _date(entry, "BookgDt") or _date(entry, "ValDt")
    if booked is None:
        raise InvalidInput("Un movimento dell'estratto conto è senza data: il file non è completo.", key="camt_date")
    words, name, own, reference = "", "", "", ""
    if detail is not None:
        side = "Dbtr" if sign > 0 else "Cdtr"
        words = " ".join(_text(one, ".") for one in _all(detail, "RmtInf/Ustrd")) or _text(detail, "RmtInf/Strd/CdtrRefInf/Ref")
        name = _text(detail, f"RltdPties/{side}/Nm") or _text(detail, f"RltdPties/{side}/Pty/Nm")
        own = _text(detail, f"RltdPties/{side}Acct/Id/IBAN")
        reference = next(
            (ref for ref in (_text(detail, f"Refs/{one}") for one in ("EndToEndId", "TxId", "InstrId")) if ref not in ("", "NOTPROVIDED")),
            "",
        )
    words = words or _text(entry, "AddtlNtryInf")
    reference = reference or _text(entry, "AcctSvcrRef") or _text(entry, "NtryRef")
    facts = "|".join((iban, booked.isoformat(), str(sign * amount), _text(entry, "AcctSvcrRef"), reference, words, name, own))
    digest = hashlib.sha256(facts.encode()).hexdigest()[:32]
    seen[digest] += 1  # two equal movements of a day are two
    return StatementLine(
        f"{digest}/{seen[digest]}",
        booked,
        _date(entry, "ValDt"),
        sign * amount,
        words,
        name,
        own,
        reference,
        _text(entry, "RvslInd") == "true",
    )


def _own_amount(detail: etree._Element) -> Decimal | None:
    text = _text(detail, "Amt") or _text(detail, "AmtDtls/TxAmt/Amt")
    return _amount(text) if text else None


def _signed(node: etree._Element) -> Decimal:
    amount = _amount(_text(node, "Amt"))
    return amount if _text(node, "CdtDbtInd") == "CRDT" else -amount


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise InvalidInput("«{value}» non è un importo.", key="camt_amount", value=text) from error
    if not amount.is_finite() or amount < 0 or amount != round(amount, 2):
        raise InvalidInput("«{value}» non è un importo.", key="camt_amount", value=text)
    return round(amount, 2)


def _date(node: etree._Element, tag: str) -> datetime.date | None:
    text = _text(node, f"{tag}/Dt") or _text(node, f"{tag}/DtTm")
    try:
        return datetime.date.fromisoformat(text[:10]) if text else None
    except ValueError as error:
        raise InvalidInput("«{value}» non è una data.", key="camt_date", value=text) from error


def _all(node: etree._Element, path: str) -> Iterator[etree._Element]:
    """Elements by their local names: the namespace carries the version."""
    yield from node.iterfind("/".join(f"{{*}}{name}" for name in path.split("/")))


def _text(node: etree._Element, path: str) -> str:
    found = node if path == "." else next(_all(node, path), None)
    return "" if found is None or found.text is None else " ".join(found.text.split())
