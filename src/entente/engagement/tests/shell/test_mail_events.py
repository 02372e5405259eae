"""What comes back for e-mails: kept once, acted on, counted of nobody where nobody agreed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from entente.consent.actions import capture_consent
from entente.consent.models import Capture, Withdrawal
from entente.consent.reads.holdings import holdings
from entente.consent.reads.retention import disposals
from entente.directory.actions import add_contact_point
from entente.engagement.actions import hear_mail, release_address
from entente.engagement.actions.deliver_send import prepare
from entente.engagement.models import MailEvent, Response, Send
from entente.engagement.reads import mail_events as reads
from entente.engagement.reads.stopped import stopped
from entente.engagement.tests.shell.mail_world import ask, kept, leave, message_id, sendgrid
from entente.foundation import outbox
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.models import OutboxMessage

pytestmark = pytest.mark.feature("engagement/digital-channels")
ADDRESS = "willing@hcp.test"


def test_a_send_is_found_by_message_id_then_by_argument_then_by_address(cast, left, hear, now):
    hear(
        sendgrid("delivered", now, **{"smtp-id": message_id(cast, left)}),
        sendgrid("processed", now, entente_send=str(left.id)),
        sendgrid("deferred", now, email="Dr. Willing <WILLING@HCP.test>"),
    )
    assert {e.kind: (e.found_by, e.send_id) for e in kept(cast)} == {
        "delivered": ("message_id", left.id),
        "processed": ("argument", left.id),
        "deferred": ("address", left.id),
    }


def test_what_belongs_to_no_send_is_kept_once_with_the_reason(cast, left, hear, now):
    events = [
        sendgrid("delivered", now, email="other@hcp.test"),
        sendgrid("delivered", now, email="other@hcp.test", **{"smtp-id": message_id(cast, left)}),
        sendgrid("delivered", now - timedelta(days=1)),
        sendgrid("delivered", now + timedelta(days=1)),
        sendgrid("fax", now),
    ]
    heard = hear(*events)
    assert (heard.new, len(heard.refused)) == (0, 5)
    assert {e.field for e in heard.refused} == {"address", "message id", "timestamp", "event"}
    assert len(hear(*events).refused) == 5
    rows = kept(cast)
    assert len(rows) == 5
    assert all(e.refused_because and e.send_id is None for e in rows)
    assert not any("other@" in str(vars(e)) or ADDRESS in str(vars(e)) for e in rows)


def test_what_was_refused_is_taken_once_its_send_is_known(cast, world, hear, now):
    event = sendgrid("delivered", now)
    assert len(hear(event).refused) == 1
    leave(cast, ask(cast, world, now), now - timedelta(minutes=5))
    assert (hear(event).new, hear(event).unchanged) == (1, 1)


def test_an_older_opt_out_does_not_take_back_a_newer_permission(cast, world, left, hear, now):
    said_at = now - timedelta(hours=1)
    with act_as(cast.system()):
        capture_consent(
            hcp_id=world.willing, controller_id=world.entity, channel="email",
            purpose="education", wording_version="1", source="congress", method="form",
            proof_ref="form 18", captured_at=now - timedelta(minutes=10), at=now,
        )  # fmt: skip
    hear(sendgrid("unsubscribe", said_at))
    with act_as(cast.system()):
        assert abs(Withdrawal.objects.get().withdrawn_at - said_at) < timedelta(seconds=1)
    assert ask(cast, world, now).status == Send.Status.QUEUED


def test_a_resubscription_to_a_group_gives_no_permission_back(cast, world, left, hear, now):
    hear(sendgrid("group_unsubscribe", now - timedelta(minutes=9), asm_group_id=10))
    with act_as(cast.system()):
        n_captures = Capture.objects.count()
    heard = hear(sendgrid("group_resubscribe", now - timedelta(minutes=5), asm_group_id=10))
    assert (heard.new, kept(cast, kind="group_resubscribe")[0].group) == (1, "10")
    assert ask(cast, world, now).status == Send.Status.FORBIDDEN
    with act_as(cast.system()):
        assert Capture.objects.count() == n_captures


@pytest.mark.parametrize(
    ("event", "stops"),
    [
        (("bounce", {"status": "5.1.1"}), True),
        (("dropped", {"reason": "Bounced Address"}), True),
        (("bounce", {"type": "blocked", "status": "5.7.1"}), False),
        (("bounce", {"status": "4.2.2"}), False),
        (("deferred", {}), False),
    ],
)
def test_a_hard_bounce_stops_the_address_and_a_soft_one_does_not(
    event, stops, cast, world, left, hear, now
):
    waiting = ask(cast, world, now)
    kind, more = event
    hear(sendgrid(kind, now - timedelta(minutes=1), **more))
    assert (ask(cast, world, now).status == Send.Status.FORBIDDEN) is stops
    with act_as(cast.system()):
        message = OutboxMessage.objects.get(object_id=waiting.id)
        assert isinstance(prepare(message, now), outbox.Withheld) is stops
        assert Response.objects.filter(kind="bounce").exists() is stops
        assert not Withdrawal.objects.exists()


def test_another_address_of_the_person_is_not_stopped(cast, world, left, hear, now):
    hear(sendgrid("bounce", now - timedelta(minutes=1), status="5.1.1"))
    with act_as(cast.system()):
        add_contact_point(
            world.willing, channel="email", value="new@hcp.test", from_on=date(2026, 11, 20), at=now
        )
        capture_consent(
            hcp_id=world.willing, controller_id=world.entity, channel="email",
            purpose="education", wording_version="1", source="congress", method="form",
            proof_ref="form 18", captured_at=now - timedelta(minutes=10), at=now,
        )  # fmt: skip
    made = ask(cast, world, now)
    assert made.status == Send.Status.QUEUED, (made.address, made.decision.rule_ids)


def test_a_later_delivery_or_somebody_with_a_reason_lets_an_address_be_written_to_again(
    cast, world, left, hear, now
):
    hear(sendgrid("bounce", now - timedelta(minutes=30), status="5.1.1"))
    with act_as(cast.system()):
        assert stopped([ADDRESS, "", "x@y.test"]) == {ADDRESS}
    hear(sendgrid("delivered", now - timedelta(minutes=20)))
    with act_as(cast.system()):
        assert stopped([ADDRESS]) == set()
    hear(sendgrid("bounce", now - timedelta(minutes=10), status="5.1.1"))
    with act_as(cast.system()):
        event = MailEvent.objects.filter(kind="bounce").latest("happened_at")
    with act_as(cast.scope(Role.PRIVACY)):
        with pytest.raises(UserError):
            release_address(event.id, reason=" ", at=now)
        release_address(event.id, reason="The mailbox works again", at=now + timedelta(seconds=1))
        assert stopped([ADDRESS]) == set()


def test_an_opt_out_of_somebody_unknown_stops_the_address(cast, world, left, hear, now):
    with act_as(cast.system()):
        add_contact_point(
            world.silent, channel="email", value=ADDRESS, from_on=date(2026, 11, 1), at=now
        )
        Send.objects.create(
            org_id=left.org_id, hcp_id=world.silent, version_id=left.version_id,
            controller_id=left.controller_id, purpose="education", address=ADDRESS,
            status="sent", decision_id=left.decision_id, sender_role="commercial",
            requested_at=left.requested_at, settled_at=left.settled_at,
        )  # fmt: skip
    heard = hear(sendgrid("unsubscribe", now - timedelta(minutes=1)))
    assert "several people" in heard.refused[0].remedy
    hear(sendgrid("delivered", now))
    with act_as(cast.system()):
        assert stopped([ADDRESS]) == {ADDRESS}
    assert ask(cast, world, now).status == Send.Status.FORBIDDEN


def test_an_open_is_counted_of_nobody(cast, left, hear, now):
    hear(
        sendgrid("open", now, useragent="Mozilla/5.0", ip="10.1.2.3"),
        sendgrid("open", now - timedelta(minutes=1), sg_machine_open=True),
        sendgrid("open", now, email="stranger@hcp.test", ip="10.1.2.3"),
    )
    rows = kept(cast, kind="open")
    taken = [e for e in rows if not e.refused_because]
    assert [(e.send_id, e.agent, e.address_mark) for e in rows] == [(None, "", "")] * 3
    assert all(e.version_id == left.version_id for e in taken)
    assert all(e.happened_at.time().isoformat() == "00:00:00" for e in taken)
    with act_as(cast.system()):
        came = reads.came_back()
        assert (came.opens, came.machine_opens) == (1, 1)
        with pytest.raises(IntegrityError), transaction.atomic():
            MailEvent.objects.create(
                org_id=left.org_id, provider="sendgrid", kind="open", happened_at=now,
                heard_at=now, send_id=left.id, content_key=left.id,
            )  # fmt: skip


def test_no_network_address_of_a_reader_is_kept(cast, left, hear, now):
    hear(sendgrid("click", now, ip="10.1.2.3", url="https://halden.test/a?who=me"))
    row = kept(cast)[0]
    assert "10.1.2.3" not in str(vars(row))
    assert row.url == "https://halden.test/a"


def test_machine_clicks_are_no_engagement_even_where_that_shows_later(cast, left, hear, now):
    at = now - timedelta(hours=1)

    def click(n, path):
        when = at + timedelta(seconds=n)
        return sendgrid("click", when, useragent="Mozilla/5.0 Firefox/144", url=f"https://a.test/{path}")  # fmt: skip

    hear(sendgrid("delivered", at - timedelta(minutes=20)), click(0, "x"), click(900, "x"))
    with act_as(cast.system()):
        assert (reads.came_back().clicks, reads.came_back().clicked) == (2, 1)
    hear(click(1, "y"), click(2, "z"))
    rules = [(e.url[-1], e.machine_rule) for e in kept(cast, kind="click")]
    assert rules == [("x", "burst"), ("y", "burst"), ("z", "burst"), ("x", "")]
    with act_as(cast.system()):
        came = reads.came_back()
    assert (came.clicks, came.machine_clicks, came.clicked) == (1, 3, 1)


def test_a_click_before_the_server_took_the_letter_is_a_machine_s(cast, left, hear, now):
    hear(sendgrid("click", left.settled_at + timedelta(seconds=3), url="https://a.test/x"))
    assert kept(cast)[0].machine_rule == "too_soon"


def test_what_was_told_is_never_changed(cast, left, hear, now):
    hear(
        sendgrid("bounce", now, status="5.1.1", reason="gone"),
        sendgrid("click", now, url="https://a.test"),
    )
    with act_as(cast.system()):
        bounce, click = (MailEvent.objects.filter(kind=k) for k in ("bounce", "click"))
        for n, act in enumerate((
            lambda: click.update(happened_at=now - timedelta(days=1)),
            lambda: click.update(url="https://b.test"),
            lambda: click.update(send=None),
            lambda: bounce.update(stops_address=False),
            bounce.delete,
        )):  # fmt: skip
            with pytest.raises(DatabaseError), transaction.atomic():
                act()
                pytest.fail(f"change {n} was let through")


def test_an_erasure_blanks_what_came_back_and_an_export_tells_it(cast, world, left, hear, now):
    hear(sendgrid("click", now, url="https://a.test/x", useragent="Firefox"))
    holding = next(each for each in holdings() if each.name == "mail_events")
    with act_as(cast.scope(Role.PRIVACY)):
        assert holding.rows(world.willing, now)[0]["link"] == "https://a.test/x"
        assert holding.rows(world.silent, now) == []
        assert holding.erase(world.willing, now) == 1
        assert holding.rows(world.willing, now)[0]["link"] == ""


def test_what_stops_an_address_outlives_retention(cast, left, hear, now):
    hear(sendgrid("bounce", now, status="5.1.1"), sendgrid("delivered", now))
    disposal = next(each for each in disposals() if each.what == "mail_event")
    with act_as(cast.scope(Role.PRIVACY)):
        assert disposal.oldest() == now
        due = disposal.due(now + timedelta(days=1))
        assert disposal.delete(due) == 1
        assert disposal.oldest() is None
    assert [e.kind for e in kept(cast)] == ["bounce"]


def test_only_who_may_record_responses_tells_events(cast, now):
    with act_as(cast.scope(Role.REPRESENTATIVE)), pytest.raises(OutOfScope):
        hear_mail([], at=now)


def test_queries_do_not_grow_with_the_number_of_events(
    cast, left, hear, now, django_assert_max_num_queries
):
    def events(n, start):
        return [sendgrid("click", now - timedelta(seconds=start + i), url=f"https://a.test/{i}")
                for i in range(n)]  # fmt: skip

    with django_assert_max_num_queries(30):
        assert hear(*events(3, 0)).new == 3
    with django_assert_max_num_queries(30):
        assert hear(*events(300, 1000)).new == 300
