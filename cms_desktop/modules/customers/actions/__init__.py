"""What changes customers, contracts and services."""

from .contract_life import (
    apply_due_prices,
    renew_contract,
    replace_service,
    resume_service,
    set_price,
    suspend_services,
    transfer_contract,
)
from .contracts import (
    activate_contract,
    add_contract,
    change_contract,
    remove_service,
    save_services,
    set_bands,
    suspend_contract,
    terminate_contract,
)
from .customers import add_customer, change_customer
from .numbers import fresh_codes

__all__ = [
    "activate_contract",
    "add_contract",
    "add_customer",
    "apply_due_prices",
    "change_contract",
    "change_customer",
    "fresh_codes",
    "remove_service",
    "renew_contract",
    "replace_service",
    "resume_service",
    "save_services",
    "set_bands",
    "set_price",
    "suspend_contract",
    "suspend_services",
    "terminate_contract",
    "transfer_contract",
]
