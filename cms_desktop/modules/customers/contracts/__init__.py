"""Contracts in time: terms and notices, suspensions, renewals, takeovers; the expiry scheduler and the list of what does not fit together."""
