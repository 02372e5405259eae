"""The database's side of a scope: rights of the roles, the context of a transaction, the guard."""

CONTEXT = """
CREATE SCHEMA IF NOT EXISTS app;
GRANT USAGE ON SCHEMA app TO entente_runtime, entente_reader;
GRANT USAGE ON SCHEMA public TO entente_runtime, entente_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO entente_runtime;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO entente_runtime;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO entente_reader;

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE FUNCTION app.ctx_org() RETURNS uuid LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE given text := nullif(current_setting('app.org', true), '');
BEGIN
    IF given IS NULL THEN
        RAISE EXCEPTION 'no organisation is set for this transaction'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN given::uuid;
END $$;

CREATE FUNCTION app.ctx_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT nullif(current_setting('app.user', true), '')::uuid $$;

CREATE FUNCTION app.ctx_host() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT coalesce(current_setting('app.host', true), '') = 'yes' $$;

CREATE FUNCTION app.ctx_door() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT coalesce(current_setting('app.door', true), '') $$;

CREATE FUNCTION app.ctx_sees(wall text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT current_setting('app.wall', true) IN ('both', wall) $$;

CREATE FUNCTION app.at_door_or(org uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF app.ctx_door() = 'signin' THEN RETURN true; END IF;
    RETURN org = app.ctx_org();
END $$;

CREATE FUNCTION app.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: its rows are never changed, only added',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA app TO entente_runtime, entente_reader;
"""
