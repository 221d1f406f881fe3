"""Document layouts drawn with reportlab."""
