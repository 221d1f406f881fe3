"""Two invented security companies with coherent customers, contracts and two years of invoices, payments and effects.

The same number of customers, seed and day give the same data. Codes are formally valid; firms and people do not exist.
"""

from cms_desktop.demo.companies import DEMO_PASSWORD, DEMO_PERSONS
from cms_desktop.demo.load import load_demo

__all__ = ["DEMO_PASSWORD", "DEMO_PERSONS", "load_demo"]
