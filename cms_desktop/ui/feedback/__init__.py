"""What the program says back: toast, inline message, empty state, progress with cancel, conflict, confirmation; and the overlay that holds them."""

from .confirmation import Confirmation, ask
from .conflict import ConflictDialog, ConflictField
from .messages import EmptyState, InlineMessage
from .overlay import DIALOG_SHARE, PALETTE_SHARE, ConfirmKeys, Overlay
from .progress import RunProgress
from .toasts import Toast, ToastStack

__all__ = [
    "DIALOG_SHARE",
    "PALETTE_SHARE",
    "ConfirmKeys",
    "Confirmation",
    "ConflictDialog",
    "ConflictField",
    "EmptyState",
    "InlineMessage",
    "Overlay",
    "RunProgress",
    "Toast",
    "ToastStack",
    "ask",
]
