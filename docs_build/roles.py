"""The page of roles, from the role table."""

from __future__ import annotations

from entente.foundation.access.roles import ROLES


def page() -> str:
    """Give the page of roles and what each may do."""
    parts = [
        "# Roles\n\nWhat each role may do, and on which side of the medical/commercial wall it stands."
        " Every page, API operation and export asks for one of these capabilities.\n",
        "| role | wall | may |",
        "|---|---|---|",
    ]
    for role, facts in ROLES.items():
        may = ", ".join(f"`{capability}`" for capability in sorted(facts.may))
        parts.append(f"| {facts.title} (`{role.value}`) | {facts.wall.value} | {may} |")
    return "\n".join(parts) + "\n"
