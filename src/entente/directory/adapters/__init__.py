"""Readers of registry files and of the platform's own import files.

Every reader is ``read_X(path, *, chunk_rows=20_000) -> Iterator[Chunk]``: bounded memory, columns
by header name, and refused values only in the refusals, never in a log or an exception.
"""
