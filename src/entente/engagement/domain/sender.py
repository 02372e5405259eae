"""In which role somebody acts towards an HCP, in the words of the codes of practice."""

from __future__ import annotations

from entente.foundation.access.roles import Role

IN_ORDER = (
    (Role.MSL, "msl"),
    (Role.SAFETY, "medical_info"),
    (Role.REPRESENTATIVE, "sales"),
    (Role.ACCESS_MANAGER, "reimbursement"),
    (Role.BRAND_LEAD, "marketing"),
    (Role.ALLIANCE_MANAGER, "alliance"),
    (Role.COMPLIANCE, "compliance"),
    (Role.PARTNER_MARKETER, "marketing"),
    (Role.PARTNER_SELLER, "sales"),
)


def sender_role(roles: frozenset[Role], *, is_host: bool) -> str:
    """Give the role in which a person with these roles sends; a job sends for marketing.

    Examples
    --------
    >>> sender_role(frozenset({Role.REPRESENTATIVE}), is_host=True)
    'sales'
    """
    for role, name in IN_ORDER:
        if role in roles:
            return name
    return "marketing"
