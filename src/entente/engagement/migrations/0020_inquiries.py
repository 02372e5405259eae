"""Medical cases become inquiries: a desk, a clock, the proof, routes and case reports."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import entente.foundation.models.base
from entente.engagement.reads import inquiries_sql as sql
from entente.foundation.access import rls

KINDS = [
    ("scientific", "Scientific question"),
    ("safety", "Side effect or product complaint"),
    ("access", "Access: coverage, prior authorisation"),
    ("commercial", "Visit, price, sample or material"),
    ("other", "Something else"),
]
DESKS = [
    ("msl", "Medical science liaisons"),
    ("safety", "Drug safety"),
    ("access", "Access managers"),
    ("representative", "Representatives"),
]
SOURCES = [
    ("visit", "Visit"),
    ("phone", "Telephone"),
    ("email", "E-mail"),
    ("link", "The HCP’s own link"),
    ("congress", "Congress"),
]
ANSWERS = [
    ("", "None yet"),
    ("referred", "Waits for a person"),
    ("refused", "Refused by a rule"),
    ("queued", "About to leave"),
    ("held", "Did not leave"),
    ("given", "Given"),
    ("sent", "Sent by e-mail"),
]
VERBS = [
    ("captured", "Captured"),
    ("assigned", "Given to a colleague"),
    ("handed_over", "Handed over"),
    ("answered", "Answered"),
    ("held", "The answer did not leave"),
]
REPORTS = [
    ("unaddressed", "No address is set"),
    ("queued", "About to leave"),
    ("sent", "Sent, not acknowledged"),
    ("failed", "Did not arrive"),
    ("acknowledged", "Acknowledged"),
]
OWNED = [
    ("id", models.UUIDField(default=entente.foundation.models.base.new_id, editable=False, primary_key=True, serialize=False)),
    ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
]


def to(model, **more):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model, **more)


def add(name, field):
    return migrations.AddField("inquiry", name, field)


class Migration(migrations.Migration):

    dependencies = [
        ("content", "0031_study_walls"),
        ("directory", "0022_loads_in_parts"),
        ("engagement", "0019_mail_events"),
        ("foundation", "0006_qualification"),
        ("policy", "0004_approvals_for_want_of_a_fact"),
    ]

    operations = [
        migrations.RenameModel("MedicalCase", "Inquiry"),
        add("root_id", models.UUIDField(default=entente.foundation.models.base.new_id)),
        add("product", to("directory.product", null=True)),
        add("kind", models.CharField(choices=KINDS, default="scientific", max_length=10)),
        add("desk", models.CharField(choices=DESKS, default="msl", max_length=14)),
        add("source", models.CharField(blank=True, choices=SOURCES, default="", max_length=8)),
        add("is_unsolicited", models.BooleanField(default=True)),
        add("signed_by", models.CharField(blank=True, default="", max_length=200)),
        add("link_id", models.UUIDField(null=True)),
        add("priority", models.CharField(choices=[("normal", "Normal"), ("urgent", "Urgent")], default="normal", max_length=6)),
        add("assignee_id", models.UUIDField(null=True)),
        add("handed_over_at", models.DateTimeField(null=True)),
        add("answer_state", models.CharField(blank=True, choices=ANSWERS, default="", max_length=8)),
        add("answered_by_id", models.UUIDField(null=True)),
        add("sender_role", models.CharField(blank=True, default="", max_length=32)),
        add("controller", to("directory.legalentity", null=True)),
        add("version", to("content.version", null=True)),
        add("decision", to("policy.decision", null=True)),
        migrations.RunSQL(sql.FIRST_ROOTS, migrations.RunSQL.noop),
        migrations.AlterField("inquiry", "root_id", models.UUIDField()),
        *(
            migrations.AlterField("inquiry", name, field)
            for name, field in (
                ("source", models.CharField(blank=True, choices=SOURCES, max_length=8)),
                ("signed_by", models.CharField(blank=True, max_length=200)),
                ("answer_state", models.CharField(blank=True, choices=ANSWERS, max_length=8)),
                ("sender_role", models.CharField(blank=True, max_length=32)),
            )
        ),
        migrations.AddIndex("inquiry", models.Index(fields=["root_id"], name="inquiry_by_root")),
        migrations.AddIndex("inquiry", models.Index(fields=["opened_by_id", "-opened_at"], name="inquiry_by_submitter")),
        migrations.AddIndex("inquiry", models.Index(fields=["org", "hcp", "-opened_at"], name="inquiry_by_hcp")),
        migrations.CreateModel(
            name="InquiryMove",
            fields=[
                *OWNED,
                ("verb", models.CharField(choices=VERBS, max_length=12)),
                ("desk", models.CharField(choices=DESKS, max_length=14)),
                ("by_id", models.UUIDField(null=True)),
                ("happened_at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=300)),
                ("inquiry", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="engagement.inquiry")),
                ("org", to("foundation.organisation", editable=False)),
            ],
            options={"indexes": [models.Index(fields=["inquiry", "happened_at"], name="inquiry_moves")]},
        ),
        migrations.CreateModel(
            name="InquiryRoute",
            fields=[
                *OWNED,
                ("kind", models.CharField(choices=KINDS, max_length=10)),
                ("desk", models.CharField(choices=DESKS, max_length=14)),
                ("normal_hours", models.PositiveSmallIntegerField()),
                ("urgent_hours", models.PositiveSmallIntegerField()),
                ("deliver_to", models.CharField(blank=True, max_length=254)),
                ("org", to("foundation.organisation", editable=False)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("org", "kind"), name="one_route_per_inquiry_kind")]},
        ),
        migrations.CreateModel(
            name="SafetyReport",
            fields=[
                *OWNED,
                ("wall", models.CharField(default="medical", editable=False, max_length=10)),
                ("status", models.CharField(choices=REPORTS, max_length=12)),
                ("address", models.CharField(blank=True, max_length=254)),
                ("due_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=300)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("acknowledged_by_id", models.UUIDField(null=True)),
                ("reference", models.CharField(blank=True, max_length=100)),
                ("inquiry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="report", to="engagement.inquiry")),
                ("org", to("foundation.organisation", editable=False)),
            ],
            options={"indexes": [models.Index(fields=["org", "status", "due_at"], name="safety_by_clock")]},
        ),
        # The words are read at their desk only; access managers are told from other
        # commercial people by their role.
        rls.definer("engagement_keeps_access", "", "boolean", sql.KEEPS_ACCESS),
        migrations.RunSQL(sql.OLD_POLICIES, migrations.RunSQL.noop),
        rls.custom("engagement_inquiry", select=sql.SEEN, insert=sql.SEEN, update=sql.SEEN),
        migrations.RunSQL(sql.CASE_OPEN, migrations.RunSQL.noop),
        migrations.RunSQL(sql.STAYS, migrations.RunSQL.noop),
        # Seen with the question they belong to: the policy of that table is asked as well.
        rls.custom(
            "engagement_inquirymove",
            select=f"{rls.MINE} AND inquiry_id IN (SELECT id FROM engagement_inquiry)",
            insert=f"{rls.MINE} AND inquiry_id IN (SELECT id FROM engagement_inquiry)",
            update="false",
        ),
        rls.append_only("engagement_inquirymove"),
        rls.own("engagement_inquiryroute"),
        rls.own("engagement_safetyreport", wall="wall"),
        rls.definer("engagement_my_inquiries", "", sql.MINE_COLUMNS, sql.MINE, rows=50),
    ]
