"""What the directory tells the gate about a recipient."""

from __future__ import annotations

from entente.foundation.facts import ActColumn, Columns, register_act_column, register_columns

# Every room counts what is recorded of any of the person's records; who these are is asked once
# for an act, not by each of them.
RECORDS = ActColumn("records", "app.same_person(given.recipient_id, given.at)")

# Status is what the registry says today; an NPI that was off on the day of a past act and is on
# again was off, hence the comparison with the day. Licences are as of the day: where a licence of
# a state is recorded with its days, these decide about that state, and the registry, which knows
# no days, about the others. Of joined records every licence counts, and where two of them say
# different things of one licence, it is not held. Nobody is told active whose recorded licences
# have all ended, unless the registry names a state of which nothing is recorded.
RECIPIENT = """
    SELECT DISTINCT ON (a.recipient_id, a.on_day) a.recipient_id, a.on_day,
           'hcp' AS kind, h.profession, nullif(h.country, '') AS country,
           CASE WHEN h.country IN ('US', 'PR', 'GU', 'VI', 'AS', 'MP')
                THEN nullif(h.us_state, '') END AS us_state,
           CASE WHEN h.deactivated_on <= a.on_day
                     AND (h.reactivated_on IS NULL OR h.reactivated_on > a.on_day)
                THEN false
                WHEN l.n_held IS NULL OR h.licence_active IS FALSE THEN h.licence_active
                WHEN cardinality(l.held) > 0 OR l.n_abroad > 0
                THEN coalesce(h.licence_active, true)
                WHEN EXISTS (SELECT FROM unnest(h.licence_states) r WHERE r <> ALL (l.known))
                THEN h.licence_active
                ELSE false END AS licence_active,
           h.identity_status, h.npi, h.can_prescribe, h.covered_recipient_type,
           h.bona_fide_employee, h.excluded,
           CASE WHEN cardinality(s.states) > 0 THEN s.states END AS licence_states,
           h.can_prescribe AND {nj} AS nj_prescriber, {vt} AS vt_regulated
    FROM act a JOIN directory_hcp h ON h.id = a.recipient_id
    LEFT JOIN LATERAL (
        SELECT nullif(count(*), 0) AS n_held,
               coalesce(array_agg(DISTINCT c.region)
                   FILTER (WHERE c.region <> ''), '{{}}') AS known,
               coalesce(array_agg(DISTINCT c.region)
                   FILTER (WHERE c.region <> '' AND c.is_held), '{{}}') AS held,
               count(*) FILTER (WHERE c.region = '' AND c.is_held) AS n_abroad
        FROM (
            SELECT d.region::text, coalesce(bool_and(d.status = 'active') FILTER (
                       WHERE (d.from_on IS NULL OR d.from_on <= a.on_day)
                         AND (d.expires_on IS NULL OR d.expires_on >= a.on_day)), false) AS is_held
            FROM directory_licence d
            WHERE d.hcp_id = ANY (a.records) AND d.kind = 'practise'
            GROUP BY d.country, d.region, d.number
        ) c
    ) l ON true
    CROSS JOIN LATERAL (
        SELECT CASE WHEN l.n_held IS NULL THEN h.licence_states::text[]
            ELSE ARRAY(SELECT r FROM unnest(h.licence_states::text[]) r WHERE r <> ALL (l.known)
                       UNION SELECT unnest(l.held) ORDER BY 1) END AS states
        OFFSET 0
    ) s
    ORDER BY a.recipient_id, a.on_day, a.at DESC
"""


# A state's law follows the licence, wherever the practice is; without any known licence the
# state of practice tells, and without that nothing does.
STATE_OF = (
    "CASE WHEN h.country <> 'US' THEN false"
    " WHEN cardinality(s.states) > 0 THEN '{0}' = ANY (s.states)"
    " ELSE nullif(h.us_state, '') = '{0}' END"
)


def register() -> None:
    """Register the facts of the grain ``recipient``, and who one person is."""
    register_act_column(RECORDS)
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
