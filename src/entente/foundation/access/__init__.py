"""Who may see and do what: scope, roles, row-level security."""
