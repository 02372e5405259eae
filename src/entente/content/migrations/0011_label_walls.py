"""Who reads labels, and what a claim stands on."""

from django.db import migrations

from entente.foundation.access import rls

SEEN = "claim_id IN (SELECT u.claim_id FROM content_claimuse u)"


def public_kept(table):
    # Labels are public documents; a version that was loaded is never taken away.
    return rls.custom(table, select="true", insert=rls.MINE, update=rls.MINE)


class Migration(migrations.Migration):
    dependencies = [("content", "0010_labels")]
    operations = [
        public_kept("content_label"),
        public_kept("content_labelversion"),
        rls.append_only("content_labelversion"),
        public_kept("content_labelsection"),
        rls.append_only("content_labelsection"),
        # As with references: a party reads what the claims of its items stand on.
        rls.custom(
            "content_claimground",
            select=f"{rls.MINE} OR {SEEN}",
            insert=f"{rls.MINE} AND claim_id IN (SELECT c.id FROM content_claim c WHERE c.{rls.MINE})",
            update="false",
        ),
        rls.append_only("content_claimground"),
        rls.custom(
            "content_claimrecheck",
            select=f"{rls.MINE} OR {SEEN}",
            insert=f"{rls.MINE} AND claim_id IN (SELECT c.id FROM content_claim c WHERE c.{rls.MINE})",
            update="false",
        ),
        rls.append_only("content_claimrecheck"),
    ]
