"""Row-level security of this room's tables and of the account tables of the libraries."""

from django.db import migrations

from entente.foundation.access import rls

DOOR = "app.at_door_or(org_id)"
BY_USER = "app.ctx_door() = 'signin' OR user_id = app.ctx_user()"


def account_table(table):
    """Open an account table of a library to its user, and to the sign-in door."""
    return rls.custom(table, select=BY_USER, insert=BY_USER, update=BY_USER, delete=BY_USER)


class Migration(migrations.Migration):
    dependencies = [
        ("foundation", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
        ("usersessions", "0001_initial"),
    ]
    operations = [
        # The host knows its partners and every partner knows the host; partners do not
        # learn of each other here, but only where they share a campaign.
        rls.custom(
            "foundation_organisation",
            select="app.ctx_door() = 'signin' OR is_host OR app.ctx_host() OR id = (SELECT app.ctx_org())",
            insert="app.ctx_host()",
            update="app.ctx_host()",
        ),
        rls.custom("foundation_user", select=DOOR, insert=DOOR, update=DOOR),
        rls.custom("foundation_rolegrant", select=DOOR, insert=rls.MINE, update=rls.MINE),
        rls.custom("foundation_apitoken", select=DOOR, insert=rls.MINE, update=DOOR),
        rls.own("foundation_outboxmessage"),
        # A signature on a joint object is read by the other party; nobody changes one.
        rls.custom(
            "foundation_signature",
            select=f"{rls.MINE} OR counterparty_id = (SELECT app.ctx_org())",
            insert=rls.MINE,
            update="false",
        ),
        rls.append_only("foundation_signature"),
        rls.own("foundation_signedlink"),
        rls.own("foundation_idempotencykey"),
        # Keys of persons belong to the installation: two organisations write entries
        # about the same person, and one erasure must reach both.
        rls.custom(
            "foundation_personkey", select="true", insert="true", update="false", delete="app.ctx_host()"
        ),
        account_table("account_emailaddress"),
        account_table("mfa_authenticator"),
        account_table("socialaccount_socialaccount"),
        account_table("usersessions_usersession"),
        # These two hang one step further from the user.
        rls.custom(
            "account_emailconfirmation",
            select="app.ctx_door() = 'signin'",
            insert="app.ctx_door() = 'signin'",
            update="app.ctx_door() = 'signin'",
            delete="app.ctx_door() = 'signin'",
        ),
        rls.custom(
            "socialaccount_socialtoken",
            select="app.ctx_door() = 'signin'",
            insert="app.ctx_door() = 'signin'",
            update="app.ctx_door() = 'signin'",
            delete="app.ctx_door() = 'signin'",
        ),
        rls.definer(
            "outbox_due",
            "moment timestamptz, wanted integer, mail boolean",
            "TABLE (message_id uuid, org_id uuid, is_host boolean, kind text)",
            """
            SELECT m.id, m.org_id, o.is_host, m.kind
            FROM foundation_outboxmessage m JOIN foundation_organisation o ON o.id = m.org_id
            WHERE (m.state = 'pending' AND m.due_at <= moment AND (mail OR m.kind <> 'email'))
               OR (m.state = 'claimed' AND m.lease_until < moment)
            ORDER BY m.due_at, m.id LIMIT wanted
            """,
        ),
        rls.definer(
            "outbox_counts",
            "",
            "TABLE (state text, n bigint)",
            "SELECT state, count(*) FROM foundation_outboxmessage GROUP BY state",
        ),
        rls.definer(
            "link_lookup",
            "link uuid",
            "TABLE (org_id uuid, purpose text, person_id uuid, object_kind text, object_id uuid,"
            " expires_at timestamptz, revoked_at timestamptz, used_at timestamptz)",
            """
            SELECT org_id, purpose, person_id, object_kind, object_id, expires_at, revoked_at, used_at
            FROM foundation_signedlink WHERE id = link
            """,
            rows=1,
        ),
    ]
