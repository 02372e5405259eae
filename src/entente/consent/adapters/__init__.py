"""Files of other systems that consent reads."""
