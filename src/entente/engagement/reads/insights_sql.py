"""What the database itself asks of programmes of advice: the need and criteria before a name."""

# The moments are compared as well: a need that is written afterwards is none.
NEED_FIRST = """
CREATE FUNCTION app.engagement_need_first() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held engagement_advisoryprogramme;
BEGIN
    SELECT * INTO held FROM engagement_advisoryprogramme WHERE id = NEW.programme_id;
    IF held.id IS NULL OR held.need = '' OR held.criteria = '' OR held.criteria_at IS NULL
       OR held.needed_at > NEW.selected_at OR held.criteria_at >= NEW.selected_at THEN
        RAISE EXCEPTION 'programme %: record the need and the criteria before choosing a name',
            NEW.programme_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER engagement_need_first BEFORE INSERT ON engagement_advisoryselection
    FOR EACH ROW EXECUTE FUNCTION app.engagement_need_first();
CREATE FUNCTION app.engagement_need_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.criteria_at IS NOT NULL AND (OLD.need, OLD.criteria, OLD.criteria_at, OLD.needed_at,
            OLD.n_wanted) IS DISTINCT FROM
       (NEW.need, NEW.criteria, NEW.criteria_at, NEW.needed_at, NEW.n_wanted) THEN
        RAISE EXCEPTION 'programme %: need and criteria do not change once they are set', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER engagement_need_stays BEFORE UPDATE ON engagement_advisoryprogramme
    FOR EACH ROW EXECUTE FUNCTION app.engagement_need_stays();
"""
