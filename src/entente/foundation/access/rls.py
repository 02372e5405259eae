"""Row-level security: the SQL that keeps organisations apart, one call per table in a migration.

Every function returns a migration operation. One policy per command, never FOR ALL to the
serving role: with a shared row, FOR ALL would let a partner take it over. The owner role
gets its own policy, since with FORCE alone migrations and definer functions see nothing.
"""

# ruff: noqa: S608 - the names put into SQL here are written in migrations, never given by anyone

from __future__ import annotations

from django.db.migrations import RunSQL

OWNER, RUNTIME, READER = "entente_owner", "entente_runtime", "entente_reader"

MINE = "org_id = (SELECT app.ctx_org())"


def _policies(table: str, *, select: str, insert: str, update: str, delete: str) -> str:
    return f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY {table}_owner ON {table} FOR ALL TO {OWNER} USING (true) WITH CHECK (true);
        CREATE POLICY {table}_reader ON {table} FOR SELECT TO {READER} USING (true);
        CREATE POLICY {table}_select ON {table} FOR SELECT TO {RUNTIME} USING ({select});
        CREATE POLICY {table}_insert ON {table} FOR INSERT TO {RUNTIME} WITH CHECK ({insert});
        CREATE POLICY {table}_update ON {table} FOR UPDATE TO {RUNTIME}
            USING ({update}) WITH CHECK ({update});
        CREATE POLICY {table}_delete ON {table} FOR DELETE TO {RUNTIME} USING ({delete});
    """


def _operation(forward: str) -> RunSQL:
    return RunSQL(forward, RunSQL.noop)


def own(table: str, *, wall: str | None = None) -> RunSQL:
    """Show and open a table's rows to the organisation that owns them, and to nobody else.

    Parameters
    ----------
    table : str
        With a column ``org_id``.
    wall : str, optional
        Name of a column holding "medical" or "commercial"; rows of the other side are
        then invisible too.
    """
    mine = MINE if wall is None else f"{MINE} AND app.ctx_sees({wall})"
    return _operation(_policies(table, select=mine, insert=mine, update=mine, delete=mine))


def public(table: str) -> RunSQL:
    """Show a table's rows to every organisation; only the one that owns a row changes it."""
    return _operation(_policies(table, select="true", insert=MINE, update=MINE, delete=MINE))


def custom(table: str, *, select: str, insert: str, update: str, delete: str = "false") -> RunSQL:
    """Set policies that no other function here covers; say why where it is called."""
    return _operation(_policies(table, select=select, insert=insert, update=update, delete=delete))


def joint_header(table: str, side_table: str, foreign_key: str) -> RunSQL:
    """Show a joint object's header to its owner and to every organisation with a side in it.

    Also makes ``app.<table>_mine()``, the ids visible to the present organisation. It is
    a definer function so that the policies of header and sides do not call each other.

    Parameters
    ----------
    table, side_table : str
        Both with a column ``org_id``.
    foreign_key : str
        Column of the side table that names the header.
    """
    return _operation(
        f"""
        CREATE FUNCTION app.{table}_mine() RETURNS SETOF uuid
            LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp AS $$
            SELECT id FROM {table} WHERE org_id = app.ctx_org()
            UNION
            SELECT {foreign_key} FROM {side_table} WHERE org_id = app.ctx_org()
        $$;
        REVOKE ALL ON FUNCTION app.{table}_mine() FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION app.{table}_mine() TO {RUNTIME};
        """
        + _policies(
            table,
            select=f"{MINE} OR id IN (SELECT app.{table}_mine())",
            insert=MINE,
            update=MINE,
            delete="false",
        )
    )


def joint_side(table: str, foreign_key: str, header: str) -> RunSQL:
    """Show the sides of a joint object to all its parties; the header's owner adds sides.

    Each organisation changes only its own side, and no side moves to another object: a
    party that could point its side elsewhere would let itself in.
    """
    return _operation(
        _policies(
            table,
            select=f"{MINE} OR {foreign_key} IN (SELECT app.{header}_mine())",
            insert=f"{foreign_key} IN (SELECT h.id FROM {header} h WHERE h.{MINE})",
            update=MINE,
            delete="false",
        )
        + f"""
        CREATE FUNCTION app.{table}_stays() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF (OLD.{foreign_key}, OLD.org_id) IS DISTINCT FROM (NEW.{foreign_key}, NEW.org_id) THEN
                RAISE EXCEPTION '{table} %: a side does not move to another object or party', OLD.id
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table}
            FOR EACH ROW EXECUTE FUNCTION app.{table}_stays();
        """
    )


def joint_part(table: str, foreign_key: str, header: str) -> RunSQL:
    """Show what hangs under a joint object to all its parties; each writes its own rows."""
    seen = f"{foreign_key} IN (SELECT app.{header}_mine())"
    return _operation(
        _policies(
            table,
            select=f"{MINE} OR {seen}",
            insert=f"{MINE} AND {seen}",
            update=f"{MINE} AND {seen}",
            delete=f"{MINE} AND {seen}",
        )
    )


def append_only(table: str) -> RunSQL:
    """Refuse every change, removal and truncation of a table's rows, whoever asks."""
    return _operation(
        f"""
        REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {RUNTIME};
        CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
        CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
        """
    )


def _quoted(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def states(
    table: str, column: str, moves: dict[str, tuple[str, ...]], *, anew: bool = False
) -> RunSQL:
    """Let a status column change only along the moves given; a trigger refuses others.

    Parameters
    ----------
    moves : dict of str to tuple of str
        From each state, the states that may follow.
    anew : bool
        Put these moves in place of those that an earlier migration gave.
    """
    allowed = " OR ".join(
        f"(OLD.{column} = '{before}' AND NEW.{column} IN ({_quoted(after)}))"
        for before, after in moves.items()
        if after
    )
    return _operation(
        f"""
        CREATE OR REPLACE FUNCTION app.{table}_{column}_moves() RETURNS trigger
            LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.{column} IS DISTINCT FROM NEW.{column} AND NOT ({allowed or "false"}) THEN
                RAISE EXCEPTION '{table} %: {column} cannot go from % to %',
                    OLD.id, OLD.{column}, NEW.{column} USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$;
        """
        + (
            ""
            if anew
            else f"""
        CREATE TRIGGER {table}_{column}_moves BEFORE UPDATE ON {table}
            FOR EACH ROW EXECUTE FUNCTION app.{table}_{column}_moves();
        """
        )
    )


def definer(
    name: str, arguments: str, returns: str, body: str, *, rows: int | None = None
) -> RunSQL:
    """Make a function that sees across organisations and gives back no row of theirs.

    Parameters
    ----------
    name, arguments, returns, body : str
        Body in SQL; it must restrict what it tells by itself.
    rows : int, optional
        For functions that return a set: how many to plan for.
    """
    types = ", ".join(part.split()[-1] for part in arguments.split(",")) if arguments else ""
    hint = f"ROWS {rows}" if rows else ""
    return _operation(
        f"""
        CREATE FUNCTION app.{name}({arguments}) RETURNS {returns}
            LANGUAGE sql STABLE SECURITY DEFINER {hint} SET search_path = public, pg_temp AS $$
            {body}
        $$;
        REVOKE ALL ON FUNCTION app.{name}({types}) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION app.{name}({types}) TO {RUNTIME};
        """
    )
