"""Files of others, read into the words of this room."""
