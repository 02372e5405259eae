"""Who sees a recall: whoever decides it, and every party of an item that it reaches."""

from django.db import migrations

from entente.foundation.access import rls

SEEN = "item_id IN (SELECT app.content_item_mine())"
DECIDED = f"recall_id IN (SELECT r.id FROM content_recall r WHERE r.{rls.MINE})"


class Migration(migrations.Migration):
    dependencies = [("content", "0006_recall")]

    operations = [
        rls.joint_part("content_recalledversion", "item_id", "content_item"),
        rls.append_only("content_recalledversion"),
        rls.definer(
            "content_recall_mine",
            "",
            "SETOF uuid",
            """
            SELECT id FROM content_recall WHERE org_id = app.ctx_org()
            UNION SELECT recall_id FROM content_acknowledgement WHERE org_id = app.ctx_org()
            """,
            rows=50,
        ),
        rls.custom(
            "content_recall",
            select=f"{rls.MINE} OR id IN (SELECT app.content_recall_mine())",
            insert=rls.MINE,
            update=rls.MINE,
        ),
        # Whoever recalls asks the other parties; each answers for itself.
        rls.custom(
            "content_acknowledgement",
            select=f"{rls.MINE} OR {DECIDED}",
            insert=DECIDED,
            update=rls.MINE,
        ),
        rls.joint_part("content_printrun", "item_id", "content_item"),
        rls.custom(
            "content_returntask",
            select=f"{rls.MINE} OR {SEEN}",
            insert=f"{DECIDED} AND {SEEN}",
            update=rls.MINE,
        ),
    ]
