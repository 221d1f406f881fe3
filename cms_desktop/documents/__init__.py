"""Building blocks of documents: PDF, spreadsheets, text files. No Qt, no SQL."""
