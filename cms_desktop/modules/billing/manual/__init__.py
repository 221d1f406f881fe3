"""Documents made by hand: drafts, credit and debit notes, pro-forma, self-invoices."""
