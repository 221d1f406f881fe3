"""How invoices leave: the check before sending, files to the exchange system, courtesy copies, receipts from a mailbox."""
