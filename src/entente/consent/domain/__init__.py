"""Values and calculations of consent: no database, no clock."""
