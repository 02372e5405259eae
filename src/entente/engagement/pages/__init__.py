"""Pages of the room: sends and expenses."""
