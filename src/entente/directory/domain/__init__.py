"""Values of the directory: names folded for search, professions, taxonomies, record states."""
