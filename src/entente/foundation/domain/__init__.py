"""Values and calculations that touch no database, network, clock or file."""
