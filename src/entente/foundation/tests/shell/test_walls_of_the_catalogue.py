"""Every table is behind row-level security, or listed here with the reason why not."""

from __future__ import annotations

import pytest
from django.db import connection

from entente.foundation.access.rls import OWNER, RUNTIME

WITHOUT = {
    "django_migrations": "which migrations ran",
    "django_content_type": "names of tables",
    "django_session": "opaque, found only by a secret key",
    "auth_group": "unused; Django's own",
    "auth_group_permissions": "unused; Django's own",
    "auth_permission": "names of rights of Django's own",
    "socialaccount_socialapp": "empty; sign-in providers come from the environment",
    "foundation_ledgerunsealed": "sequence numbers; the serving role has no right to it",
    "foundation_ledgerbatch": "hashes; the serving role has no right to it",
    "foundation_ledgerleaf": "hashes; the serving role has no right to it",
}
NO_RIGHTS = {"foundation_ledgerunsealed", "foundation_ledgerbatch", "foundation_ledgerleaf"}


def rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@pytest.mark.promise("P1")
def test_every_table_is_walled_or_excused(db):
    tables = rows(
        "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    )
    open_tables = {name for name, walled in tables if not walled}
    jobs = {name for name in open_tables if name.startswith("procrastinate_")}
    assert open_tables - jobs - set(WITHOUT) == set()


@pytest.mark.promise("P1")
def test_no_policy_of_the_serving_role_covers_all_commands(db):
    broad = rows(
        f"SELECT tablename FROM pg_policies WHERE '{RUNTIME}' = ANY(roles) AND cmd = 'ALL'"
    )
    assert broad == []


@pytest.mark.promise("P1")
def test_every_walled_table_stays_open_to_migrations(db):
    missing = rows(
        "SELECT c.relname FROM pg_class c WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"
        " AND NOT EXISTS (SELECT 1 FROM pg_policies p WHERE p.tablename = c.relname"
        f" AND '{OWNER}' = ANY(p.roles) AND p.cmd = 'ALL')"
    )
    assert missing == []


@pytest.mark.promise("P1")
def test_the_serving_role_owns_nothing_and_bypasses_nothing(db):
    assert rows("SELECT current_user") == [(RUNTIME,)]
    assert rows(
        "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    ) == [(False, False, False)]
    assert rows(f"SELECT tablename FROM pg_tables WHERE tableowner = '{RUNTIME}'") == []
    granted = {
        name
        for (name,) in rows(
            "SELECT table_name FROM information_schema.role_table_grants"
            f" WHERE grantee = '{RUNTIME}' AND privilege_type IN ('TRUNCATE', 'TRIGGER', 'REFERENCES')"
        )
    }
    assert granted == set()
    for table in NO_RIGHTS:
        assert rows(f"SELECT has_table_privilege('{table}', 'SELECT, INSERT, UPDATE, DELETE')") == [
            (False,)
        ]


@pytest.mark.promise("P1")
def test_functions_that_see_across_organisations_fix_their_search_path(db):
    loose = rows(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'app'::regnamespace AND prosecdef"
        " AND NOT coalesce(array_to_string(proconfig, ','), '') LIKE '%search_path%'"
    )
    assert loose == []
