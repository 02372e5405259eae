"""The ledger: entries that are hashed as they are inserted, and batches that seal them."""

from django.db import migrations

from entente.foundation.access import rls

LEDGER = """
CREATE TABLE foundation_ledgerentry (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body text NOT NULL,
    mac bytea NOT NULL,
    leaf bytea NOT NULL,
    entry_id uuid GENERATED ALWAYS AS ((body::jsonb ->> 'id')::uuid) STORED NOT NULL UNIQUE,
    org_id uuid GENERATED ALWAYS AS ((body::jsonb ->> 'org')::uuid) STORED NOT NULL,
    counterparty_id uuid GENERATED ALWAYS AS ((body::jsonb ->> 'counterparty')::uuid) STORED,
    actor_id uuid GENERATED ALWAYS AS ((body::jsonb ->> 'actor')::uuid) STORED,
    verb text GENERATED ALWAYS AS (body::jsonb ->> 'verb') STORED NOT NULL,
    object_kind text GENERATED ALWAYS AS (body::jsonb ->> 'kind') STORED NOT NULL,
    object_id uuid GENERATED ALWAYS AS ((body::jsonb ->> 'object')::uuid) STORED,
    at_us bigint GENERATED ALWAYS AS ((body::jsonb ->> 'at')::bigint) STORED NOT NULL
);
CREATE INDEX ledger_by_object ON foundation_ledgerentry (object_kind, object_id, seq);
CREATE INDEX ledger_by_org ON foundation_ledgerentry (org_id, seq DESC);

CREATE TABLE foundation_ledgerunsealed (seq bigint PRIMARY KEY);
CREATE TABLE foundation_ledgerbatch (
    number bigint PRIMARY KEY,
    n_entries integer NOT NULL,
    root bytea NOT NULL,
    chained bytea NOT NULL,
    sealed_at_us bigint NOT NULL,
    signature bytea NOT NULL,
    seqs bigint[] NOT NULL
);
CREATE TABLE foundation_ledgerleaf (
    seq bigint PRIMARY KEY,
    batch bigint NOT NULL REFERENCES foundation_ledgerbatch (number),
    leaf bytea NOT NULL,
    entry_id uuid NOT NULL
);
CREATE INDEX ledgerleaf_by_batch ON foundation_ledgerleaf (batch, seq);

-- The hash is made where the row is made, so that writers neither wait for each other
-- nor can leave it out.
CREATE FUNCTION app.ledger_leaf() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.leaf := sha256('\\x00'::bytea || convert_to(NEW.seq::text || E'\\n' || NEW.body, 'UTF8'));
    INSERT INTO foundation_ledgerunsealed (seq) VALUES (NEW.seq);
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_leaf BEFORE INSERT ON foundation_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION app.ledger_leaf();

-- Sealing takes whole entries out of the queue and puts them under one root. The serving
-- role may call it but cannot touch the tables, so it can seal nothing it did not write.
-- What waits without an entry stays in the queue, as the trace of an entry taken out early.
CREATE FUNCTION app.ledger_take(wanted integer) RETURNS TABLE (seq bigint, leaf bytea)
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH taken AS (
        DELETE FROM foundation_ledgerunsealed u
        WHERE u.seq IN (
            SELECT q.seq FROM foundation_ledgerunsealed q
            JOIN foundation_ledgerentry USING (seq) ORDER BY q.seq LIMIT wanted
        )
        RETURNING u.seq
    )
    SELECT e.seq, e.leaf FROM taken JOIN foundation_ledgerentry e USING (seq) ORDER BY e.seq
$$;
CREATE FUNCTION app.ledger_head() RETURNS TABLE (number bigint, chained bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT b.number, b.chained FROM foundation_ledgerbatch b ORDER BY b.number DESC LIMIT 1
$$;
CREATE FUNCTION app.ledger_put(
    batch bigint, n integer, root bytea, chained bytea, at_us bigint, signature bytea,
    seqs bigint[], leaves bytea[]
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO foundation_ledgerbatch VALUES (batch, n, root, chained, at_us, signature, seqs);
    -- The id is kept beside the leaf, so that an entry that is taken out can still be named.
    INSERT INTO foundation_ledgerleaf (seq, batch, leaf, entry_id)
        SELECT s, batch, l, e.entry_id FROM unnest(seqs, leaves) AS given(s, l)
        JOIN foundation_ledgerentry e ON e.seq = s;
$$;
CREATE FUNCTION app.ledger_counts() RETURNS TABLE (n_entries bigint, n_unsealed bigint, n_batches bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (SELECT count(*) FROM foundation_ledgerleaf) + (SELECT count(*) FROM foundation_ledgerunsealed),
           (SELECT count(*) FROM foundation_ledgerunsealed),
           (SELECT count(*) FROM foundation_ledgerbatch)
$$;
REVOKE ALL ON FUNCTION app.ledger_take(integer), app.ledger_head(), app.ledger_counts(),
    app.ledger_put(bigint, integer, bytea, bytea, bigint, bytea, bigint[], bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.ledger_take(integer), app.ledger_head(), app.ledger_counts(),
    app.ledger_put(bigint, integer, bytea, bytea, bigint, bytea, bigint[], bytea[]) TO entente_runtime;
REVOKE ALL ON foundation_ledgerunsealed, foundation_ledgerbatch, foundation_ledgerleaf
    FROM entente_runtime;
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0002_walls")]
    operations = [
        migrations.RunSQL(LEDGER, migrations.RunSQL.noop),
        rls.custom(
            "foundation_ledgerentry",
            select=f"{rls.MINE} OR counterparty_id = (SELECT app.ctx_org())",
            insert=rls.MINE,
            update="false",
        ),
        rls.append_only("foundation_ledgerentry"),
        rls.append_only("foundation_ledgerbatch"),
        rls.append_only("foundation_ledgerleaf"),
    ]
