"""The page of prices: runs that change many, types of service, the ISTAT index."""

from .page import PricesPage

__all__ = ["PricesPage"]
