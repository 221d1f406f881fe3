"""Mail: accounts, the outbox that survives restarts, the sender, mailboxes that are read."""
