"""A file of answers, whatever its form, and what each answer means for the effect."""

from __future__ import annotations

from typing import Literal

from cms_desktop.modules.bank_effects.outcomes.messages import read_messages
from cms_desktop.modules.bank_effects.outcomes.records import OutcomeFile
from cms_desktop.modules.bank_effects.outcomes.riba import is_riba_answer, read_riba_outcomes

Remedy = Literal["retry", "stop", "mend", "look"]
# What a reason code calls for: present again once, stop the mandate, mend the data and present again, let a person look.
REMEDIES: dict[str, Remedy] = {
    "AM04": "retry", "50003": "retry", "42010": "retry", "ED05": "retry",
    "AC04": "stop", "AC06": "stop", "AC13": "stop", "AG01": "stop", "MD01": "stop", "MD06": "stop", "MD07": "stop", "MS02": "stop",
    "SL11": "stop", "SL12": "stop", "50001": "stop", "50004": "stop",
    "AC01": "mend", "AG02": "mend", "BE05": "mend", "CNOR": "mend", "DNOR": "mend", "FF01": "mend", "FF05": "mend", "MD02": "mend", "RC01": "mend",
    "RR01": "mend", "RR02": "mend", "RR03": "mend", "30007": "mend",
}  # fmt: skip


def read_outcomes(content: bytes) -> OutcomeFile:
    """RiBa outcomes (CBI), pain.002, status report of the CBI, camt.053 or camt.054. Raises InvalidInput, whose text says what is wrong."""
    return read_riba_outcomes(content) if is_riba_answer(content) else read_messages(content)


def remedy(code: str) -> Remedy:
    """What an unpaid effect with this reason calls for; a code nobody knows goes to a person."""
    return REMEDIES.get(code, "look")
