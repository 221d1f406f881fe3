"""The way in: server profile, credentials, forced change of password, company."""

from .window import LoginWindow

__all__ = ["LoginWindow"]
