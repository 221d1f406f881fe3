"""Writes direct debits for home banking: the logical message of the CBI (with or without its physical body) and pain.008.

Texts are written in the character set every bank of the SEPA takes (EPC217-08). Debit by debit, so that memory does not grow with the file.
"""

from __future__ import annotations

import io
import re
from decimal import Decimal

from lxml import etree

from cms_desktop.core.latin import basic_text
from cms_desktop.modules.bank_effects.sdd.checks import check_batch
from cms_desktop.modules.bank_effects.sdd.forms import BODY_CODES, FORMS, Form, FormName
from cms_desktop.modules.bank_effects.sdd.records import Amendment, Debit, DebitBatch, DebitCreditor

NAME, REFERENCE, IDENTIFIER = 70, 140, 35
OTHER_BANK = "SMNDA"  # same mandate, new debtor account
_NOT_SEPA = re.compile(r"[^A-Za-z0-9/?:().,'+ -]")


def debit_file(batch: DebitBatch, form: FormName, *, with_body: bool = False) -> bytes:
    """The file to send. `with_body`: in the CBI form, inside the physical body that some channels want.

    Raises InvalidInput for what the form cannot hold, naming the debtor and what to mend.
    """
    shape = FORMS[form]
    check_batch(batch, shape, with_body=with_body)
    content = io.BytesIO()
    with etree.xmlfile(content, encoding="UTF-8") as out:
        out.write_declaration(standalone=None)
        if with_body:
            with out.element("CBIBdySDDReq", nsmap={None: shape.body_namespace}):
                head = etree.Element("PhyMsgInf")
                _texts(head, PhyMsgTpCd=BODY_CODES[batch.debits[0].scheme], NbOfLogMsg="1")
                out.write(head)
                with out.element("CBIEnvelSDDReqLogMsg"):
                    _write_message(out, batch, shape)
        else:
            _write_message(out, batch, shape)
    return content.getvalue()


def sepa_text(text: str, longest: int) -> str:
    """Letters, digits and / - ? : ( ) . , ' + only; other signs become spaces."""
    return " ".join(_NOT_SEPA.sub(" ", basic_text(text)).split())[:longest].strip()


def _write_message(out: etree._IncrementalFileWriter, batch: DebitBatch, form: Form) -> None:
    outer, *inner = form.envelope
    with out.element(outer, nsmap={None: form.namespace}):
        if inner:
            with out.element(inner[0]):
                _write_blocks(out, batch, form)
        else:
            _write_blocks(out, batch, form)


def _write_blocks(out: etree._IncrementalFileWriter, batch: DebitBatch, form: Form) -> None:
    out.write(_header(batch, form))
    for place, (due_on, scheme, sequence, debits) in enumerate(batch.groups(), start=1):
        with out.element("PmtInf"):
            _write_texts(out, PmtInfId=f"{batch.message[: IDENTIFIER - 6]}/{place}", PmtMtd="DD", BtchBookg="true")
            if form.counts:
                _write_texts(out, NbOfTxs=str(len(debits)), CtrlSum=_euro(sum((one.amount for one in debits), Decimal(0))))
            out.write(_tree("PmtTpInf", ("SvcLvl/Cd", "SEPA"), ("LclInstrm/Cd", scheme), ("SeqTp", sequence)))
            _write_texts(out, ReqdColltnDt=due_on.isoformat())
            for part in _creditor(batch.creditor, form):
                out.write(part)
            for debit in debits:
                out.write(_debit(debit, form))


def _header(batch: DebitBatch, form: Form) -> etree._Element:
    creditor = batch.creditor
    party = [("InitgPty/Nm", sepa_text(creditor.name, NAME))]
    if form.is_cbi:
        party += [("InitgPty/Id/OrgId/Othr/Id", creditor.cuc), ("InitgPty/Id/OrgId/Othr/Issr", "CBI")]
    else:
        party += [("InitgPty/Id/PrvtId/Othr/Id", creditor.identifier)]
    return _tree(
        "GrpHdr", ("MsgId", batch.message), ("CreDtTm", batch.made_at.strftime("%Y-%m-%dT%H:%M:%S")), ("NbOfTxs", str(len(batch.debits))),
        ("CtrlSum", _euro(batch.total)), *party,
    )  # fmt: skip


def _creditor(creditor: DebitCreditor, form: Form) -> list[etree._Element]:
    agent = ("FinInstnId/ClrSysMmbId/MmbId", creditor.iban[5:10]) if form.is_cbi else _bank(creditor.bic, form)
    scheme = [("Id/PrvtId/Othr/Id", creditor.identifier)]
    if not form.is_cbi:
        scheme.append(("Id/PrvtId/Othr/SchmeNm/Prtry", "SEPA"))
    return [
        _tree("Cdtr", ("Nm", sepa_text(creditor.name, NAME))),
        _tree("CdtrAcct", ("Id/IBAN", creditor.iban)),
        _tree("CdtrAgt", agent),
        _tree("ChrgBr"),
        _tree("CdtrSchmeId", *scheme),
    ]


def _bank(bic: str, form: Form) -> tuple[str, str]:
    return (f"FinInstnId/{form.bic}", bic) if bic else ("FinInstnId/Othr/Id", "NOTPROVIDED")


def _debit(debit: Debit, form: Form) -> etree._Element:
    node = _tree(
        "DrctDbtTxInf", ("PmtId/InstrId", str(debit.number)), ("PmtId/EndToEndId", debit.end_to_end), ("InstdAmt", _euro(debit.amount)),
        ("DrctDbtTx/MndtRltdInf/MndtId", debit.mandate), ("DrctDbtTx/MndtRltdInf/DtOfSgntr", debit.signed_on.isoformat()),
        ("DrctDbtTx/MndtRltdInf/AmdmntInd", "true" if debit.amendment else "false"),
    )  # fmt: skip
    _child(node, "InstdAmt").set("Ccy", "EUR")
    if debit.amendment:
        _child(node, "DrctDbtTx", "MndtRltdInf").append(_amendment(debit.amendment, form))
    foreign = debit.debtor_iban[:2] not in ("IT", "SM")
    if not form.is_cbi or (foreign and debit.debtor_bic):  # the CBI form names the debtor's bank only abroad
        node.append(_tree("DbtrAgt", _bank(debit.debtor_bic, form)))
    node.append(_tree("Dbtr", ("Nm", sepa_text(debit.debtor_name, NAME))))
    node.append(_tree("DbtrAcct", ("Id/IBAN", debit.debtor_iban)))
    node.append(_tree("RmtInf", ("Ustrd", sepa_text(debit.reference, REFERENCE))))
    return node


def _amendment(change: Amendment, form: Form) -> etree._Element:
    facts: list[tuple[str, str]] = []
    if change.old_mandate:
        facts.append(("OrgnlMndtId", change.old_mandate))
    if change.old_name:
        facts.append(("OrgnlCdtrSchmeId/Nm", sepa_text(change.old_name, NAME)))
    if change.old_identifier:
        facts.append(("OrgnlCdtrSchmeId/Id/PrvtId/Othr/Id", change.old_identifier))
        if not form.is_cbi:
            facts.append(("OrgnlCdtrSchmeId/Id/PrvtId/Othr/SchmeNm/Prtry", "SEPA"))
    if change.old_iban:
        facts.append(("OrgnlDbtrAcct/Id/Othr/Id" if form.other_account else "OrgnlDbtrAgt/FinInstnId/Othr/Id", OTHER_BANK))
    return _tree("AmdmntInfDtls", *facts)


# ---- elements ---------------------------------------------------------------------------------------------------------


def _tree(name: str, *leaves: tuple[str, str]) -> etree._Element:
    """An element from paths and texts: steps that follow each other with the same names share their elements. ChrgBr is always SLEV."""
    node = etree.Element(name)
    if name == "ChrgBr":
        node.text = "SLEV"
    for path, text in leaves:
        place = node
        for step in path.split("/"):
            last = place[-1] if len(place) else None
            place = last if last is not None and last.tag == step else etree.SubElement(place, step)
        place.text = text
    return node


def _child(node: etree._Element, *steps: str) -> etree._Element:
    for step in steps:
        found = node.find(step)
        assert found is not None
        node = found
    return node


def _texts(node: etree._Element, **leaves: str) -> None:
    for name, text in leaves.items():
        etree.SubElement(node, name).text = text


def _write_texts(out: etree._IncrementalFileWriter, **leaves: str) -> None:
    for name, text in leaves.items():
        with out.element(name):
            out.write(text)


def _euro(amount: Decimal) -> str:
    return f"{amount:.2f}"
