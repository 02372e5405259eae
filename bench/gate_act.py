"""What the gate costs one act on the web path, with facts gathered from PostgreSQL.

Run: python bench/gate_act.py [HCPS] [ACTS]        (default 100,000 HCPs, 1,000 acts)

A private PostgreSQL with its disk settings on holds so many HCPs, each with an address and a
permission; an act is a promotional e-mail of a released item to one of them, asked as the
serving role under row-level security. Printed: the whole question as the web path asks it, with
the decision written; the gate's own part (facts and judgement), and how much of that is facts.
The peer in the same run is a bare primary-key read of the recipient, the least any check of one
recipient costs.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median, quantiles

HOME = Path(tempfile.mkdtemp(prefix="entente-bench-"))
for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_READER_URL", "ENTENTE_ANCHORS"):
    os.environ.pop(name, None)
os.environ |= {"ENTENTE_HOME": str(HOME), "DJANGO_SETTINGS_MODULE": "config.settings"}
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import django  # noqa: E402
import psycopg  # noqa: E402

from entente.foundation.database import NAME, private_server  # noqa: E402

AT = datetime(2026, 11, 20, 16, tzinfo=UTC)
ADDRESS = "1 Halden Way, Testford, MA 02100"
WORDS = f"Promotional information. {ADDRESS}"


def copies(session, table: str, n: int, changes: dict[str, str], source: str) -> None:
    """Write copies of a table's one row, with some columns computed anew."""
    names = [
        row[0]
        for row in session.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
            " AND is_generated = 'NEVER' ORDER BY ordinal_position", [table],
        )
    ]  # fmt: skip
    values = ", ".join(changes.get(each, f't."{each}"') for each in names)
    columns = ", ".join(f'"{each}"' for each in names)
    session.execute(
        f"INSERT INTO {table} ({columns}) SELECT {values}"
        f" FROM (SELECT * FROM {table} LIMIT 1) t, {source} LIMIT {n}"
    )


def build(n_hcps: int):
    """Make the world: one of everything by the platform's own actions, the rest as copies."""
    from entente.consent.actions import capture_consent
    from entente.content import actions as content
    from entente.content.actions import Words
    from entente.directory.actions import add_contact_point, add_hcp, add_legal_entity
    from entente.foundation.access.roles import Role
    from entente.foundation.access.scope import act_as
    from tests.cast import PASSWORD, Cast, build_cast

    at = AT - timedelta(hours=4)
    build_cast(at)
    cast = Cast.found()
    with act_as(cast.system()):
        entity = add_legal_entity(name="Halden", country="US", postal_address=ADDRESS, at=at)
        hcp = add_hcp(
            family_name="Bench", given_name="A", country="US", profession="physician", at=at,
            us_state="MA", city="Testford", identity_status="verified", licence_active=True,
        )  # fmt: skip
        add_contact_point(hcp.id, channel="email", value="a@hcp.test", from_on=at.date(), at=at)
        capture_consent(
            hcp_id=hcp.id, controller_id=entity.id, channel="email", purpose="promotion",
            wording_version="1", source="congress", method="form", proof_ref="form",
            captured_at=at - timedelta(days=9), at=at,
        )  # fmt: skip
    with act_as(cast.scope(Role.BRAND_LEAD)):
        item = content.draft_item(title="News", kind="educational", at=at)
        version = content.save_version(
            item.id,
            Words(
                subject="News", html=f"<p>{WORDS} <a href='{{{{unsubscribe_url}}}}'>x</a></p>",
                text=f"{WORDS} {{{{unsubscribe_url}}}}", markets=["US"], audiences=["hcp"],
                channels=["email"], expires_on=at.date() + timedelta(days=300),
            ),
            at=at,
        )  # fmt: skip
        content.submit_for_review(version.id, at=at)
    with act_as(cast.scope(Role.REVIEWER)):
        content.decide(version.id, verdict="approve", comment="", password=PASSWORD, at=at)
    with psycopg.connect(private_server().dsn(NAME), autocommit=True) as session:
        series = f"generate_series(1, {n_hcps}) n"
        fresh = {"id": "gen_random_uuid()", "npi": "NULL", "name_key": "'bench ' || n"}
        copies(session, "directory_hcp", n_hcps, fresh, series)
        others = {"id": "gen_random_uuid()", "hcp_id": "h.id"}
        people = f"(SELECT id FROM directory_hcp WHERE id <> '{hcp.id}') h"
        copies(session, "directory_contactpoint", n_hcps,
               others | {"value": "h.id::text || '@hcp.test'"}, people)  # fmt: skip
        copies(session, "consent_capture", n_hcps, others, people)
        session.execute("VACUUM ANALYZE")
        ids = [row[0] for row in session.execute("SELECT id FROM directory_hcp LIMIT 20000")]
    return cast, entity.id, version.id, ids


def timed(work) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1_000


def told(milliseconds: list[float]) -> dict[str, float]:
    return {"p50_ms": round(median(milliseconds), 3),
            "p99_ms": round(quantiles(milliseconds, n=100)[98], 3)}  # fmt: skip


def measure(n_hcps: int, n_acts: int) -> dict[str, object]:
    from entente.directory.models import Hcp
    from entente.foundation.access.roles import Role
    from entente.foundation.access.scope import act_as
    from entente.foundation.facts import Act, gather
    from entente.policy.actions import decide
    from entente.policy.actions.decide import judge_facts
    from entente.policy.actions.packs_in_force import in_force

    began = time.perf_counter()
    cast, entity, version, ids = build(n_hcps)
    built = time.perf_counter() - began
    scope, rng = cast.scope(Role.REPRESENTATIVE), Random(1)
    whole, facts, judged, peer, outcomes = [], [], [], [], {}
    for n in range(n_acts + 50):
        act = Act(
            "email", AT, recipient_id=rng.choice(ids), channel="email", purpose="promotion",
            controller_id=entity, version_id=version,
            given={"action.sender_role": "sales", "action.promotional": True,
                   "recipient.has_address": True},
        )  # fmt: skip
        kept = {}
        with act_as(scope):
            compiled = in_force(AT.date()).compiled
            one = (
                timed(lambda a=act: Hcp.objects.get(id=a.recipient_id)),
                timed(lambda a=act, k=kept: k.update(rows=gather([a]))),
                timed(lambda k=kept, c=compiled: judge_facts(c, k["rows"])),
                timed(lambda a=act, k=kept: k.update(decision=decide(a))),
            )
        if n >= 50:
            for held, took in zip((peer, facts, judged, whole), one, strict=True):
                held.append(took)
            outcome = kept["decision"].outcome
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
    gate = [a + b for a, b in zip(facts, judged, strict=True)]
    return {
        "hcps": n_hcps,
        "acts": n_acts,
        "rules": len(compiled.rules),
        "outcomes": outcomes,
        "seconds_to_build": round(built, 1),
        "decision_written": told(whole),
        "gate_part": told(gate),
        "facts": told(facts),
        "judgement": told(judged),
        "share_of_facts": round(sum(facts) / sum(gate), 3),
        "one_row_by_key": told(peer),
        "ratio_gate_to_one_row_p50": round(median(gate) / median(peer), 1),
    }


def main() -> None:
    n_hcps = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    n_acts = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000
    private_server().start()
    try:
        django.setup()
        from entente.foundation.administration import initialise
        from entente.foundation.collector import leave_what_stays

        initialise()
        # As the site does before its first request.
        leave_what_stays()
        print(json.dumps(measure(n_hcps, n_acts), indent=1))
    finally:
        private_server().destroy()
        shutil.rmtree(HOME, ignore_errors=True)


if __name__ == "__main__":
    main()
