"""Plain Python that every layer may use: errors, money, dates, texts, listings. Imports nothing of ours, no Qt, no SQL."""
