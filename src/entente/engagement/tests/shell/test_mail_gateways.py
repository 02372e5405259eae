"""Programs that open letters before people do, and the pages that tell them apart."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from entente.consent.models import Withdrawal
from entente.engagement.actions.deliver_send import prepare
from entente.engagement.reads import mail_events as reads
from entente.engagement.tests.shell.mail_world import JSON, ask, kept, mailgun, sendgrid
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.models import OutboxMessage

pytestmark = pytest.mark.feature("engagement/digital-channels")

LINK = re.compile(r"""href=["'](http://localhost:8000)?(/[^"']*)["']""")
GATEWAYS = [
    {},
    {"HTTP_USER_AGENT": "Barracuda Sentinel"},
    {"HTTP_USER_AGENT": "Mozilla/5.0 Firefox/144.0", "HTTP_ACCEPT_LANGUAGE": "en"},
]


def _all_that_is_kept(cast):
    """Every table of the organisation but the counts of hosted pages, which count visits."""
    with act_as(cast.system()), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
            " AND c.relkind IN ('r', 'p') AND c.relrowsecurity AND c.relname <> 'content_hostedcount'"
        )
        seen = {}
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM {table} t"
            )
            seen[table] = cursor.fetchone()[0]
        return seen


@pytest.mark.parametrize("headers", GATEWAYS)
def test_a_gateway_that_follows_every_link_of_a_letter_changes_nothing(headers, cast, world, now):
    waiting = ask(cast, world, now)
    with act_as(cast.system()):
        letter = prepare(OutboxMessage.objects.get(object_id=waiting.id), now).email
    html = letter.alternatives[0][0]
    links = [path for _, path in LINK.findall(html)]
    header = (
        letter.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
    )
    links += [header, header.replace("/u/", "/p/")]
    assert any(link.startswith("/u/") for link in links)
    before, gateway = _all_that_is_kept(cast), Client(**headers)
    for link in links:
        assert gateway.get(link).status_code == 200
        assert gateway.head(link).status_code == 200
    assert _all_that_is_kept(cast) == before
    with act_as(cast.system()):
        assert not Withdrawal.objects.exists()
    done = Client(**headers).post(header, {"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    with act_as(cast.system()):
        assert Withdrawal.objects.get().hcp_id == world.willing


def test_the_pages_tell_people_from_programs_and_what_was_not_used(
    cast, world, left, hear, now, browser, program
):
    hear(
        sendgrid("delivered", now - timedelta(hours=1)),
        sendgrid("click", now, url="https://halden.test/study", useragent="Mozilla/5.0 Firefox"),
        sendgrid(
            "click",
            now - timedelta(minutes=1),
            url="https://halden.test/gate",
            useragent="Mimecast/1",
        ),
        sendgrid("open", now),
        mailgun("failed", now, severity="permanent"),
        sendgrid("delivered", now, email="nobody@hcp.test"),
    )
    client = browser(Role.BRAND_LEAD)
    everything = client.get("/mail-events/").text
    assert "1 event could not be used" in everything
    assert "n…@hcp.test" in everything
    people = client.get("/mail-events/?by=human&kind=click").text
    assert ("halden.test/study" in people, "halden.test/gate" in people) == (True, False)
    programs = client.get("/mail-events/?by=machine").text
    assert "the program names itself" in programs
    assert "halden.test/study" in client.get("/mail-events/?export=csv").text
    page = client.get(f"/sends/{left.id}/").text
    assert "Link followed" in page
    assert "Nothing more goes to this address." in page
    assert client.get("/mail-events/?state=stops").text.count("Stops the address") == 1
    stop = kept(cast, stops_address=True)[0]
    assert "Write again" not in client.get(f"/mail-events/{stop.id}/").text
    privacy = browser(Role.PRIVACY)
    assert privacy.post(f"/mail-events/{stop.id}/release/", {"reason": ""}).status_code == 302
    with act_as(cast.system()):
        assert reads.is_stopping(stop.id)
    api = program(Role.REPRESENTATIVE)
    counts = api.get("/api/engagement/mail-events/counts").json()
    assert counts == {
        "delivered": 1, "bounced": 1, "opt_outs": 0, "clicked": 1, "clicks": 1,
        "machine_clicks": 1, "opens": 1, "machine_opens": 0,
    }  # fmt: skip
    listed = api.get("/api/engagement/mail-events?state=refused").json()["items"]
    assert [each["address_shown"] for each in listed] == ["n…@hcp.test"]
    assert api.get("/api/engagement/mail-events?by=cat").status_code == 422
    assert api.get(f"/api/engagement/mail-events/{stop.id}").json()["kind"] == "bounce"
    released = api.post(f"/api/engagement/mail-events/{stop.id}/release",
                        json.dumps({"reason": "works again"}), content_type=JSON)  # fmt: skip
    assert released.status_code == 201
    assert "Nothing more goes" not in client.get(f"/sends/{left.id}/").text
    assert browser(Role.FINANCE).get("/mail-events/").status_code == 403
    partner = browser(Role.PARTNER_MARKETER, cast.partner)
    assert partner.get(f"/mail-events/{stop.id}/").status_code in {403, 404}
