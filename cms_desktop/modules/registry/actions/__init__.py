"""What changes Registry. The only writers."""

from .classes import begin_role, end_role, rename_value, store_class
from .contacts import add_contact, change_contact, end_contact, refuse_channel, withdraw_refusal
from .merges import (
    declare_different,
    erase_contact,
    erase_person,
    export_contact,
    export_person,
    look_for_twins,
    merge_parties,
    note_twins,
    undo_merge,
)
from .parties import add_party, change_party, set_roles

__all__ = [
    "add_contact", "add_party", "begin_role", "change_contact", "change_party", "declare_different", "end_contact", "end_role", "erase_contact",
    "erase_person", "export_contact", "export_person", "look_for_twins", "merge_parties", "note_twins", "refuse_channel", "rename_value", "set_roles", "store_class", "undo_merge",
    "withdraw_refusal",
]  # fmt: skip
