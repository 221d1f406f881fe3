"""Answers of banks for tests, written from tables of positions and by hand, and the schemas that other people's packages carry."""

from __future__ import annotations

import functools
import importlib.metadata
import pathlib

from lxml import etree

PLACES = {  # record: {field: (first, last)}, counted from 1
    "IB": {"bank": (4, 8), "company": (9, 13), "made_on": (14, 19), "name": (20, 39)},
    "14": {"no": (4, 10), "due_on": (23, 28), "code": (29, 33), "amount": (34, 46), "sign": (47, 47), "their_abi": (48, 52), "abi": (70, 74),
           "account": (80, 91), "company": (92, 96), "code_kind": (97, 97), "customer": (98, 113), "currency": (120, 120)},
    "51": {"no": (4, 10), "receipt": (11, 20), "id": (75, 86), "fee": (87, 91)},
    "EF": {"bank": (4, 8), "company": (9, 13), "made_on": (14, 19), "name": (20, 39), "answers": (46, 52), "records": (83, 89)},
}  # fmt: skip


def record(kind: str, **values: str) -> str:
    cells = [" "] * 120
    cells[1:3] = kind
    for name, value in values.items():
        first, last = PLACES[kind][name]
        assert len(value) == last - first + 1 or name in ("name", "customer", "account"), (name, value)
        cells[first - 1 : first - 1 + len(value)] = value
    return "".join(cells)


def answer(
    receipt: int, code: str, cents: int, *, sign: str = "-", fee: int = 0, due: str = "311226", customer: str = "C00001"
) -> list[str]:
    return [
        record("14", no="0000001", due_on=due, code=code, amount=f"{cents:013}", sign=sign, their_abi="03002", abi="05428", account="000000123456",
               company="A1B2C", code_kind="4", customer=customer, currency="E"),
        record("51", no="0000001", receipt=f"{receipt:010}", fee=f"{fee:05}"),
    ]  # fmt: skip


def flow(*answers: list[str], counts: bool = True, tail: bool = True) -> bytes:
    frame = {"bank": "05428", "company": "A1B2C", "made_on": "050127", "name": "ESITI-1"}
    lines = [record("IB", **frame), *(line for one in answers for line in one)]
    if tail:
        numbers = {"answers": f"{len(answers):07}", "records": f"{len(lines) + 1:07}"} if counts else {}
        lines.append(record("EF", **frame, **numbers))
    return "\r\n".join(lines).encode("ascii") + b"\r\n"


def pain_002(*debits: str, group: str = "PART", block: str = "", version: str = "03", count_block: bool = True) -> bytes:
    inner = f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>SDD-1/1</OrgnlPmtInfId>{block}{''.join(debits)}</OrgnlPmtInfAndSts>" if count_block else ""
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.{version}"><CstmrPmtStsRpt><GrpHdr><MsgId>ST-1</MsgId>'
        "<CreDtTm>2027-01-05T09:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>SDD-2026-1</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.008.001.02</OrgnlMsgNmId><GrpSts>{group}</GrpSts></OrgnlGrpInfAndSts>{inner}</CstmrPmtStsRpt></Document>"
    ).encode()


def status(number: int, status_code: str = "RJCT", reason: str = "AM04", amount: str = "122.00", words: str = "fondi insufficienti") -> str:
    return (
        f"<TxInfAndSts><StsId>{number}</StsId><OrgnlInstrId>{number}</OrgnlInstrId><OrgnlEndToEndId>FT-{number}</OrgnlEndToEndId>"
        f"<TxSts>{status_code}</TxSts><StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn><AddtlInf>{words}</AddtlInf></StsRsnInf>"
        f'<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">{amount}</InstdAmt></Amt><ReqdColltnDt>2026-12-31</ReqdColltnDt></OrgnlTxRef></TxInfAndSts>'
    )


def cbi_report(*debits: str) -> bytes:
    return (
        '<CBISDDStsRptLogMsg xmlns="urn:CBI:xsd:CBISDDStsRptLogMsg.00.01.00"><GrpHdr><MsgId>ST-2</MsgId><MsgQual>8</MsgQual>'
        "<CreDtTm>2027-01-05T09:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>SDD-2026-1</OrgnlMsgId>"
        "<OrgnlCreDtTm>2026-12-20T10:00:00</OrgnlCreDtTm><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>1</OrgnlPmtInfId>{''.join(debits)}</OrgnlPmtInfAndSts></CBISDDStsRptLogMsg>"
    ).encode()


def camt_054(*entries: str) -> bytes:
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.02"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>N-1</MsgId>'
        "<CreDtTm>2027-01-07T06:00:00</CreDtTm></GrpHdr><Ntfctn><Id>1</Id><CreDtTm>2027-01-07T06:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>IT60X0542811101000000123456</IBAN></Id></Acct>{''.join(entries)}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
    ).encode()


def entry(number: int, amount: str = "122.00", *, reason: str = "MD06", side: str = "DBIT") -> str:
    back = f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn><AddtlInf>rimborso</AddtlInf></RtrInf>" if reason else ""
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2027-01-06</Dt></BookgDt>'
        "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>UPDD</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls>"
        f"<Refs><InstrId>{number}</InstrId><EndToEndId>FT-{number}</EndToEndId><MndtId>MND{number}</MndtId></Refs>"
        f'<AmtDtls><TxAmt><Amt Ccy="EUR">{amount}</Amt></TxAmt></AmtDtls>'
        f'<Chrgs><Amt Ccy="EUR">3.50</Amt></Chrgs>{back}</TxDtls></NtryDtls></Ntry>'
    )


@functools.cache
def schema(package: str, name: str) -> etree.XMLSchema:
    found = next(one for one in importlib.metadata.files(package) or () if one.name == name)
    return etree.XMLSchema(file=str(pathlib.Path(str(found.locate()))))


def sample(package: str, name: str) -> bytes:
    found = next(one for one in importlib.metadata.files(package) or () if one.name == name)
    return pathlib.Path(str(found.locate())).read_bytes()
