"""Documents that are written by the program itself, so that they cannot fall behind it."""
