"""Marked words on the medical side and at the access desk, and who must never read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import connection

from entente.engagement import actions
from entente.foundation.access.roles import HOST_ROLES, PARTNER_ROLES, ROLES, Role, Wall
from entente.foundation.access.scope import act_as

MEDICAL_WORDS = ("Inquirywhisper", "Answerwhisper", "Safetywhisper", "Insightwhisper",
                 "Callwhisper", "Advicewhisper", "Reasonwhisper")  # fmt: skip
ACCESS_WORDS = ("Accesswhisper", "Stepwhisper", "Coveragewhisper")
WORDS = MEDICAL_WORDS + ACCESS_WORDS
COMMERCIAL = tuple(
    role for role in (*HOST_ROLES, *PARTNER_ROLES) if ROLES[role].wall == Wall.COMMERCIAL
)
# Tables with texts of the vault; none of their rows may be seen with a commercial context.
VAULT = ("engagement_inquiry", "engagement_inquirymove", "engagement_safetyreport",
         "engagement_insight", "engagement_advisoryprogramme", "engagement_advisoryselection",
         "engagement_accesscase", "engagement_accessstep")  # fmt: skip


@dataclass
class Vault:
    """The ids of what was written, by what it is."""

    ids: dict[str, UUID] = field(default_factory=dict)


def words_for(role: Role) -> tuple[str, ...]:
    """Give the words that a role must never read: an access manager reads those of its desk."""
    return MEDICAL_WORDS if role == Role.ACCESS_MANAGER else WORDS


def write_vault(cast, world, at) -> Vault:
    """Write every kind of text that stays behind the wall, asked for by a representative."""
    ask, made = actions.Question, Vault({"hcp": world.willing, "unknown": uuid4()})
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        for name, question in (
            ("inquiry", ask(world.willing, "Inquirywhisper on dosing", signed_by="T. W.")),
            ("event", ask(world.willing, "Safetywhisper: developed a rash", signed_by="T. W.")),
            ("coverage", ask(world.silent, "Coveragewhisper", kind="access", source="phone")),
        ):
            made.ids[name] = actions.capture_inquiry(question, at=at).id
        moved = actions.capture_inquiry(
            ask(world.silent, "Inquirywhisper by the way", kind="commercial", source="phone"),
            at=at,
        )
        actions.hand_over_inquiry(moved.id, "scientific", "Reasonwhisper", at=at)
        made.ids["moved"] = moved.id
    with act_as(cast.scope(Role.MSL)):
        actions.answer_inquiry(made.ids["inquiry"], actions.Answer("Answerwhisper"), at=at)
        made.ids["insight"] = actions.capture_insight(
            "gap", "Insightwhisper", hcp_id=world.willing, at=at
        ).id
        advice = actions.record_need("Advicewhisper", "Advicewhisper", 2, at=at)
        actions.set_criteria(advice.id, "Advicewhisper", at=at)
        actions.select_adviser(
            advice.id, world.willing, "Advicewhisper", at=at + timedelta(seconds=1)
        )
        call = actions.Call(
            uuid4(), world.willing, world.entity, "visit", at - timedelta(hours=1),
            note="Callwhisper",
        )  # fmt: skip
        made.ids |= {"advice": advice.id, "call": actions.log_touch(call, at=at).id}
    with act_as(cast.scope(Role.ACCESS_MANAGER)):
        case = actions.open_access_case(
            actions.AccessRequest("prior_auth", "Accesswhisper", hcp_id=world.willing), at=at
        )
        actions.add_access_step(case.id, "bridge", "Stepwhisper", at=at)
        made.ids["access"] = case.id
    with act_as(cast.system()), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM engagement_safetyreport")
        made.ids["report"] = cursor.fetchone()[0]
    return made


def seen_in_the_database(scope) -> list[str]:
    """Give the tables in which a scope sees one of the words or a row of the vault, by SQL alone."""
    found = []
    with act_as(scope), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
            " AND c.relkind IN ('r', 'p') ORDER BY 1"
        )
        for (table,) in cursor.fetchall():
            cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [table])
            if not cursor.fetchone()[0]:
                continue
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ~ %s', ["whisper"])
            if cursor.fetchone()[0]:
                found.append(table)
            elif table in VAULT:
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                found += [table] if cursor.fetchone()[0] else []
    return found
