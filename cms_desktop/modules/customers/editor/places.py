"""The completion of CAP, town and province is Registry's; customers use the same."""

from cms_desktop.modules.registry.editor.places import PlaceCompletion

__all__ = ["PlaceCompletion"]
