"""Prices: types of service, the history of a line's price, the ISTAT index, and runs that change many prices at once."""
