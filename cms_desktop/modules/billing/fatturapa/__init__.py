"""Electronic invoices in the format FatturaPA 1.2.3 (specifications 1.9.1): what a document holds, its checks, its XML."""
