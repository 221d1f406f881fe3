"""The page of VAT: registers, settlement, stamp duty."""

from .page import VatPage

__all__ = ["VatPage"]
