"""What the directory tells the gate about a recipient."""

from __future__ import annotations

from entente.foundation.facts import Columns, register_columns

# Licence and status are what the registry says today; an NPI that was off on the day of a past
# act and is on again was off, hence the comparison with the day.
RECIPIENT = """
    SELECT DISTINCT ON (a.recipient_id, a.on_day) a.recipient_id, a.on_day,
           'hcp' AS kind, h.profession, nullif(h.country, '') AS country,
           CASE WHEN h.country IN ('US', 'PR', 'GU', 'VI', 'AS', 'MP')
                THEN nullif(h.us_state, '') END AS us_state,
           CASE WHEN h.deactivated_on <= a.on_day
                     AND (h.reactivated_on IS NULL OR h.reactivated_on > a.on_day)
                THEN false ELSE h.licence_active END AS licence_active,
           h.identity_status, h.npi, h.can_prescribe, h.covered_recipient_type,
           h.bona_fide_employee, h.excluded,
           CASE WHEN cardinality(h.licence_states) > 0 THEN h.licence_states END AS licence_states,
           h.can_prescribe AND {nj} AS nj_prescriber, {vt} AS vt_regulated
    FROM act a JOIN directory_hcp h ON h.id = a.recipient_id
    ORDER BY a.recipient_id, a.on_day
"""


# A state's law follows the licence, wherever the practice is; without any known licence the
# state of practice tells, and without that nothing does.
STATE_OF = (
    "CASE WHEN h.country <> 'US' THEN false"
    " WHEN cardinality(h.licence_states) > 0 THEN '{0}' = ANY (h.licence_states)"
    " ELSE nullif(h.us_state, '') = '{0}' END"
)


def register() -> None:
    """Register the facts of the grain ``recipient``."""
    register_columns(
        Columns(
            room="directory",
            grain="recipient",
            keys=("recipient_id", "on_day"),
            facts={
                "recipient.kind": "kind",
                "recipient.profession": "profession",
                "recipient.country": "country",
                "recipient.us_state": "us_state",
                "recipient.us_licence_states": "licence_states",
                "recipient.licence_active": "licence_active",
                "recipient.identity_status": "identity_status",
                "recipient.npi": "npi",
                "recipient.can_prescribe": "can_prescribe",
                "recipient.covered_recipient_type": "covered_recipient_type",
                "recipient.bona_fide_employee": "bona_fide_employee",
                "recipient.excluded": "excluded",
                "recipient.nj_prescriber": "nj_prescriber",
                "recipient.vt_regulated": "vt_regulated",
            },
            select=RECIPIENT.format(nj=STATE_OF.format("NJ"), vt=STATE_OF.format("VT")),
        )
    )
