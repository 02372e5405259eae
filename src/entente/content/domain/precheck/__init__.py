"""What a program can judge in the words of a version: found, quoted, and recorded."""
