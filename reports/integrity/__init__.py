"""The report of the checks of the books."""
