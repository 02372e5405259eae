"""What the database itself insists on for publications on digital channels."""

from entente.engagement.domain.placements import MOVES

STATES = MOVES

# Money is shown to the other parties only where the side that spends it said so.
FIGURES_SEEN = """
    org_id = (SELECT app.ctx_org())
    OR (placement_id IN (SELECT app.engagement_placement_mine())
        AND (what <> 'spend'
             OR placement_id IN (SELECT p.id FROM engagement_placement p WHERE p.shows_spend)))
"""
OWN_PLACEMENT = """
    org_id = (SELECT app.ctx_org())
    AND placement_id IN (SELECT p.id FROM engagement_placement p
                         WHERE p.org_id = (SELECT app.ctx_org()))
"""

# A figure that turned out wrong is kept as it was told; only its end is written beside it.
FIGURE_STAYS = """
CREATE FUNCTION app.engagement_placementfigure_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.replaced_at IS NOT NULL
       OR (OLD.placement_id, OLD."on", OLD.what, OLD.amount, OLD.org_id)
          IS DISTINCT FROM (NEW.placement_id, NEW."on", NEW.what, NEW.amount, NEW.org_id) THEN
        RAISE EXCEPTION 'engagement_placementfigure %: a figure is replaced, never changed', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER engagement_placementfigure_stays BEFORE UPDATE ON engagement_placementfigure
    FOR EACH ROW EXECUTE FUNCTION app.engagement_placementfigure_stays();
"""

# A piece is in use from the first message that left with it, or the first publication of it.
FIRST_USE = """
CREATE OR REPLACE FUNCTION app.engagement_first_use(piece uuid, moment timestamptz)
    RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT NOT EXISTS (
        SELECT 1 FROM engagement_send s
        WHERE s.version_id = piece AND s.status = 'sent' AND s.settled_at < moment
    ) AND NOT EXISTS (
        SELECT 1 FROM engagement_placement p WHERE p.version_id = piece AND p.live_at < moment
    )
$$;
"""
