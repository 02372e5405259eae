"""What the room tells about sends, responses and expenses."""
