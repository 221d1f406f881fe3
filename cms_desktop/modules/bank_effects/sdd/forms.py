"""The four forms a file of direct debits may have, and how they differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FormName = Literal["cbi_00", "cbi_01", "iso_02", "iso_08"]


@dataclass(frozen=True)
class Form:
    """`envelope`: elements around the header and the blocks. `counts`: blocks repeat number and sum. `bic`: name of the BIC's element."""

    namespace: str
    envelope: tuple[str, ...]
    is_cbi: bool
    bic: str
    counts: bool
    other_account: bool  # an account changed to another bank: SMNDA in the place of the old account, else of the old bank
    body_namespace: str = ""


_CBI = "urn:CBI:xsd:CBISDDReqLogMsg.00.01."
_BODY = "urn:CBI:xsd:CBIBdySDDReq.00.01."
_ISO = "urn:iso:std:iso:20022:tech:xsd:pain.008.001."
FORMS: dict[FormName, Form] = {
    "cbi_00": Form(_CBI + "00", ("CBISDDReqLogMsg",), True, "BIC", False, False, _BODY + "00"),
    "cbi_01": Form(_CBI + "01", ("CBISDDReqLogMsg",), True, "BICFI", False, True, _BODY + "01"),
    "iso_02": Form(_ISO + "02", ("Document", "CstmrDrctDbtInitn"), False, "BIC", True, False),
    "iso_08": Form(_ISO + "08", ("Document", "CstmrDrctDbtInitn"), False, "BICFI", True, True),
}
BODY_CODES = {"CORE": "INC-SDDC-01", "B2B": "INC-SDDB-01"}  # kind of flow in the physical body
