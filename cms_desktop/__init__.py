"""CMS Desktop: the program an Italian private-security company runs its day on."""

__version__ = "0.1.0"
