"""The state of a share contract at a moment, and the guards of its tables, as SQL."""

from entente.consent.domain.shares import LEAST_CELL

# One answer for pages, reports and every function that lets somebody see something.
STATE = """
CREATE FUNCTION app.consent_share_state(wanted uuid, moment timestamptz) RETURNS text
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN h.proposed_at IS NULL OR h.proposed_at > moment THEN 'draft'
        WHEN EXISTS (SELECT FROM consent_sharecontractside s
                     WHERE s.contract_id = h.id AND s.ended_at <= moment) THEN 'ended'
        WHEN (moment AT TIME ZONE 'UTC')::date > h.to_on THEN 'expired'
        WHEN (SELECT count(*) FROM consent_sharecontractside s
              WHERE s.contract_id = h.id AND s.signed_at <= moment
                AND s.signed_hash = h.terms_hash) < 2 THEN 'proposed'
        WHEN EXISTS (
            SELECT FROM consent_sharecontract n
            WHERE n.replaces_id = h.id AND n.from_on <= (moment AT TIME ZONE 'UTC')::date
              AND (SELECT count(*) FROM consent_sharecontractside s
                   WHERE s.contract_id = n.id AND s.signed_at <= moment
                     AND s.signed_hash = n.terms_hash) = 2) THEN 'replaced'
        WHEN (moment AT TIME ZONE 'UTC')::date < h.from_on THEN 'waiting'
        ELSE 'in_force' END
    FROM consent_sharecontract h WHERE h.id = wanted
$$;
GRANT EXECUTE ON FUNCTION app.consent_share_state(uuid, timestamptz)
    TO entente_runtime, entente_reader;
"""

# In force at the moment given and at the database's own, so that nobody gains by naming
# another moment; an end counts at once, whatever moment it carries.
OPEN = """
CREATE FUNCTION app.consent_share_open(wanted uuid, moment timestamptz) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT app.consent_share_state(wanted, moment) = 'in_force'
       AND app.consent_share_state(wanted, clock_timestamp()) = 'in_force'
       AND NOT EXISTS (SELECT FROM consent_sharecontractside s
                       WHERE s.contract_id = wanted AND s.ended_at IS NOT NULL)
$$;
REVOKE ALL ON FUNCTION app.consent_share_open(uuid, timestamptz) FROM PUBLIC;

CREATE FUNCTION app.consent_shares_open() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp AS $$
    SELECT s.contract_id FROM consent_sharecontractside s
    WHERE s.org_id = app.ctx_org() AND app.consent_share_open(s.contract_id, clock_timestamp())
$$;
REVOKE ALL ON FUNCTION app.consent_shares_open() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.consent_shares_open() TO entente_runtime;
"""

FROZEN = """
CREATE FUNCTION app.consent_share_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.proposed_at IS NOT NULL THEN
        RAISE EXCEPTION 'share contract %: it was proposed and stays; write a new one', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.org_id IS DISTINCT FROM OLD.org_id THEN
        RAISE EXCEPTION 'share contract %: it keeps its author', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consent_share_frozen BEFORE UPDATE ON consent_sharecontract
    FOR EACH ROW EXECUTE FUNCTION app.consent_share_frozen();
"""

# A signature is of this side, over these terms, by another person than the other side's;
# what is signed or ended stays so; a list on offer is one's own, whole and large enough.
SIDE = f"""
CREATE FUNCTION app.consent_share_side() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    h consent_sharecontract;
    g foundation_signature;
BEGIN
    SELECT * INTO h FROM consent_sharecontract WHERE id = NEW.contract_id;
    IF TG_OP = 'INSERT' THEN
        IF NEW.org_id NOT IN (h.org_id, h.partner_id) OR NEW.signed_at IS NOT NULL
           OR NEW.ended_at IS NOT NULL OR NEW.offered_list_id IS NOT NULL THEN
            RAISE EXCEPTION 'a side begins unsigned and is of one of the two parties'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.signed_at IS NOT NULL
       AND (OLD.signed_at, OLD.signed_hash, OLD.signature_id, OLD.controller_id)
           IS DISTINCT FROM (NEW.signed_at, NEW.signed_hash, NEW.signature_id, NEW.controller_id)
       OR OLD.ended_at IS NOT NULL
       AND (OLD.ended_at, OLD.ended_because) IS DISTINCT FROM (NEW.ended_at, NEW.ended_because) THEN
        RAISE EXCEPTION 'what is signed or ended stays so' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.signed_at IS NULL AND NEW.signed_at IS NOT NULL THEN
        SELECT * INTO g FROM foundation_signature WHERE id = NEW.signature_id;
        IF h.proposed_at IS NULL OR g.id IS NULL OR g.org_id <> NEW.org_id
           OR g.object_id <> h.id OR g.content_hash <> h.terms_hash
           OR NEW.signed_hash <> h.terms_hash OR g.signed_at <> NEW.signed_at
           OR NOT EXISTS (SELECT FROM directory_legalentity e
                          WHERE e.id = NEW.controller_id AND e.org_id = NEW.org_id)
           OR EXISTS (SELECT FROM consent_sharecontractside o
                      JOIN foundation_signature og ON og.id = o.signature_id
                      WHERE o.contract_id = h.id AND o.id <> NEW.id
                        AND og.person_key = g.person_key) THEN
            RAISE EXCEPTION 'the signature does not cover these terms for this side'
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF NEW.offered_list_id IS NOT NULL
       AND NEW.offered_list_id IS DISTINCT FROM OLD.offered_list_id AND NOT EXISTS (
           SELECT FROM consent_partnerlist l
           WHERE l.id = NEW.offered_list_id AND l.org_id = NEW.org_id
             AND l.sealed_at IS NOT NULL AND l.n_entries >= greatest(h.min_cell, {LEAST_CELL})) THEN
        RAISE EXCEPTION 'a list on offer is the side''s own, loaded whole and not too short'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consent_share_side BEFORE INSERT OR UPDATE ON consent_sharecontractside
    FOR EACH ROW EXECUTE FUNCTION app.consent_share_side();
"""  # noqa: S608 - the only thing put in is a number of ours

LISTS = """
CREATE FUNCTION app.consent_list_whole() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.sealed_at IS NOT NULL THEN
            RAISE EXCEPTION 'list %: it is loaded before it is whole', NEW.id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.sealed_at IS NOT NULL THEN
        RAISE EXCEPTION 'list %: it is loaded and stays as it is; load a new version', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.sealed_at IS NOT NULL AND NEW.n_entries <> (
           SELECT count(*) FROM consent_partnerlistentry e WHERE e.list_id = NEW.id) THEN
        RAISE EXCEPTION 'list %: its number of entries is not what it holds', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consent_list_whole BEFORE INSERT OR UPDATE ON consent_partnerlist
    FOR EACH ROW EXECUTE FUNCTION app.consent_list_whole();

-- Groups are the public registry's. Whoever could choose them could draw one around a person.
CREATE FUNCTION app.consent_entry_labels() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.label_specialty := '';
    NEW.label_state := '';
    IF NEW.npi <> '' THEN
        SELECT coalesce(max(h.specialty), ''), coalesce(max(h.us_state), '')
            INTO NEW.label_specialty, NEW.label_state FROM directory_hcp h WHERE h.npi = NEW.npi;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consent_entry_labels BEFORE INSERT ON consent_partnerlistentry
    FOR EACH ROW EXECUTE FUNCTION app.consent_entry_labels();

CREATE FUNCTION app.consent_list_closed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM added a LEFT JOIN consent_partnerlist l ON l.id = a.list_id
               WHERE l.sealed_at IS NOT NULL OR l.org_id IS DISTINCT FROM a.org_id) THEN
        RAISE EXCEPTION 'a list that is loaded takes no more entries'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consent_list_closed AFTER INSERT ON consent_partnerlistentry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION app.consent_list_closed();
"""
