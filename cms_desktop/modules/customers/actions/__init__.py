"""What changes customers, contracts and services."""

from .contracts import activate_contract, add_contract, change_contract, remove_service, save_services, suspend_contract, terminate_contract
from .customers import add_customer, change_customer
from .numbers import fresh_codes

__all__ = [
    "activate_contract",
    "add_contract",
    "add_customer",
    "change_contract",
    "change_customer",
    "fresh_codes",
    "remove_service",
    "save_services",
    "suspend_contract",
    "terminate_contract",
]
