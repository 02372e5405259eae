"""Values and calculations of the room."""
