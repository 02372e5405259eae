"""A send that was referred leaves once a person approved it, and never once one declined it."""

from django.db import migrations

from entente.foundation.access import rls


class Migration(migrations.Migration):
    dependencies = [("engagement", "0004_first_use")]
    operations = [
        rls.states(
            "engagement_send",
            "status",
            {
                "queued": ("sent", "withheld", "refused", "parked"),
                "parked": ("sent", "withheld", "refused"),
                "refused": ("sent", "withheld", "parked"),
                "forbidden": (),
                "referred": ("queued", "forbidden"),
                "withheld": (),
                "sent": (),
            },
            anew=True,
        ),
    ]
