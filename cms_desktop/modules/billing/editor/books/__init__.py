"""The pages of the books: chart of accounts, posting rules, entries by hand, sheets, balances, exports, closing."""
