"""Files that consent reads."""
