"""Forms and pages of Registry."""
