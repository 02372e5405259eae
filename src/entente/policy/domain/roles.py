"""Who, in this installation, may act for a role that a rule names."""

from __future__ import annotations

from entente.foundation.access.roles import Role

# A rule names the field's roles; people here hold the installation's.
WHO: dict[str, frozenset[Role]] = {
    "compliance": frozenset({Role.COMPLIANCE, Role.PARTNER_ADMINISTRATOR}),
    "legal": frozenset({Role.REVIEWER, Role.COMPLIANCE, Role.PARTNER_MARKETER}),
    "medical": frozenset({Role.REVIEWER, Role.PARTNER_MARKETER}),
    "regulatory": frozenset({Role.REVIEWER, Role.PARTNER_MARKETER}),
    "reviewer": frozenset({Role.REVIEWER, Role.PARTNER_MARKETER}),
    "mlr": frozenset({Role.REVIEWER, Role.PARTNER_MARKETER}),
    "privacy": frozenset({Role.PRIVACY, Role.PARTNER_ADMINISTRATOR}),
    "finance": frozenset({Role.FINANCE, Role.PARTNER_ADMINISTRATOR}),
    "alliance": frozenset({Role.ALLIANCE_MANAGER, Role.PARTNER_MARKETER}),
    "event": frozenset({Role.BRAND_LEAD, Role.PARTNER_MARKETER}),
}


def may_act_for(role: str, held: frozenset[Role]) -> bool:
    """Tell whether somebody with these roles may act for a role that a rule names.

    Examples
    --------
    >>> may_act_for("privacy", frozenset({Role.PRIVACY})), may_act_for("privacy", frozenset())
    (True, False)
    """
    return bool(WHO.get(role, WHO["compliance"]) & held)


def roles_of(held: frozenset[Role]) -> list[str]:
    """Give the rules' roles for which somebody may act.

    Examples
    --------
    >>> roles_of(frozenset({Role.FINANCE}))
    ['finance']
    """
    return sorted(role for role in WHO if may_act_for(role, held))
