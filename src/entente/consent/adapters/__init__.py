"""Files of other systems that speak of permissions."""
