"""Pages where batches are made and looked at."""

from .batch_page import BatchPage
from .presentation import PresentationPage

__all__ = ["BatchPage", "PresentationPage"]
