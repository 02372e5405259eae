"""Whether a transfer of value is one of those that Open Payments asks for at all."""

from __future__ import annotations

OUTSIDE = {
    "": "In scope",
    "recipient": "The recipient is not of a covered type",
    "employee": "The recipient is employed by the payer",
    "payer": "The payer is no applicable manufacturer",
    "currency": "Paid in another currency; a person converts it",
}


def outside(*, recipient_type: str, is_employee: bool, is_manufacturer: bool, currency: str) -> str:
    """Name why a transfer is outside Open Payments, or nothing if it is inside.

    Parameters
    ----------
    recipient_type : str
        ``physician``, ``non_physician_practitioner``, ``teaching_hospital`` or ``none``, as of
        the day of the transfer.
    is_employee : bool
        Whether employed in good faith by the payer.
    is_manufacturer : bool
        Whether the payer makes covered products.
    currency : str
        Thresholds are in US dollars; what was paid otherwise is converted by a person.

    Notes
    -----
    Source: 42 CFR 403.902, definitions of applicable manufacturer and covered recipient.

    Examples
    --------
    >>> outside(recipient_type="none", is_employee=False, is_manufacturer=True, currency="USD")
    'recipient'
    """
    if recipient_type == "none":
        return "recipient"
    if is_employee:
        return "employee"
    if not is_manufacturer:
        return "payer"
    return "" if currency == "USD" else "currency"
