"""Runs beyond the first preview: templates, making a preview anew, trying failures again, what earlier runs skipped."""
