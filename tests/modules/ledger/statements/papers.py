"""Statements for tests, written by hand in the shape of camt.053."""

from __future__ import annotations


def entry(
    amount: str, *, side: str = "CRDT", day: str = "2026-11-03", ref: str = "B1", words: str = "", name: str = "", iban: str = "",
    status: str = "<Cd>BOOK</Cd>", details: str | None = None,
) -> str:  # fmt: skip
    party = "Dbtr" if side == "CRDT" else "Cdtr"
    own = details if details is not None else detail(words=words, name=name, iban=iban, party=party)
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>{status}</Sts><BookgDt><Dt>{day}</Dt></BookgDt>'
        f"<ValDt><Dt>{day}</Dt></ValDt><AcctSvcrRef>{ref}</AcctSvcrRef><BkTxCd/><NtryDtls>{own}</NtryDtls></Ntry>"
    )


def detail(*, words: str = "", name: str = "", iban: str = "", party: str = "Dbtr", amount: str = "", end: str = "NOTPROVIDED") -> str:
    own = f'<Amt Ccy="EUR">{amount}</Amt>' if amount else ""
    account = f"<{party}Acct><Id><IBAN>{iban}</IBAN></Id></{party}Acct>" if iban else ""
    people = f"<RltdPties><{party}><Pty><Nm>{name}</Nm></Pty></{party}>{account}</RltdPties>" if name or iban else ""
    said = f"<RmtInf><Ustrd>{words}</Ustrd></RmtInf>" if words else ""
    return f"<TxDtls><Refs><EndToEndId>{end}</EndToEndId></Refs>{own}{people}{said}</TxDtls>"


def statement(*entries: str, version: str = "08", opening: str = "1000.00", closing: str = "", currency: str = "EUR") -> bytes:
    ends = (
        f"<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>{closing}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>"
        if closing
        else ""
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>1</Id><Acct><Id><IBAN>IT60X0542811101000000123456</IBAN></Id><Ccy>{currency}</Ccy></Acct>"
        f"<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>{opening}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>{ends}"
        f"{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()
