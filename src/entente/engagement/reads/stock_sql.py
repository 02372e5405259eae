"""What the database itself keeps of hand-overs, and the numbers that cross companies."""

# What ended stays as it was; before, only what the answer of the gate or of a person says moves.
IMMUTABLE = """
CREATE FUNCTION app.engagement_handover_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{status,handed_on,decision_id,reason}'::text[]
           IS DISTINCT FROM to_jsonb(OLD) - '{status,handed_on,decision_id,reason}'::text[]
       OR (OLD.status IN ('done', 'forbidden', 'cancelled') AND NEW IS DISTINCT FROM OLD)
    THEN
        RAISE EXCEPTION 'hand-over %: what was handed over or refused never changes', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER engagement_handover_stays BEFORE UPDATE ON engagement_handover
    FOR EACH ROW EXECUTE FUNCTION app.engagement_handover_stays();
CREATE TRIGGER engagement_handover_no_delete BEFORE DELETE ON engagement_handover
    FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER engagement_handover_no_truncate BEFORE TRUNCATE ON engagement_handover
    FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
"""

# The codes count packs of a product, whoever hands them over: two companies that promote one
# product together share its cap. Without a product all packs count.
SAMPLE_PACKS = """
    SELECT coalesce(sum(n_units), 0)::bigint FROM engagement_handover
    WHERE hcp_id = ANY (app.same_person(person, now())) AND status = 'done' AND kind = 'sample'
      AND (of_product IS NULL OR product_id = of_product) AND id IS DISTINCT FROM itself
      AND handed_on BETWEEN date_trunc('year', day)::date AND day
"""

FIRST_REQUEST = """
    SELECT min(signed_on) FROM engagement_samplerequest
    WHERE hcp_id = ANY (app.same_person(person, now())) AND product_id = of_product
"""
