"""RID (direct debits before SEPA) as files of the interbank standard CBI-RID-001, version 6.05: only for banks that still take them."""
