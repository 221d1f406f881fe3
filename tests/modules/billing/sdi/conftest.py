from __future__ import annotations

from tests.modules.billing.conftest import desk, marta, world

__all__ = ["desk", "marta", "world"]
