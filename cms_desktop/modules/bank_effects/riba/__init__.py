"""RiBa (ricevute bancarie) as files of the interbank standard CBI-RIB-001, version 6.02."""
