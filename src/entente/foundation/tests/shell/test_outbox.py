"""The outbox: what is written with the act leaves once, or a person hears of it."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from entente.foundation import outbox
from entente.foundation.access.scope import act_as
from entente.foundation.models import LedgerEntry, OutboxMessage, new_id
from entente.foundation.outbox import deliver, topics
from entente.foundation.outbox.deliver import LEASE, MOST_ATTEMPTS, deliver_due, retry_parked
from entente.foundation.outbox.mailer import Mailer
from entente.foundation.outbox.status import retry, status

State = OutboxMessage.State


def run(at, mailer: Mailer | None = None, **options) -> int:
    made = mailer or Mailer()
    try:
        return deliver_due(made, clock=lambda: at, **options)
    finally:
        if mailer is None:
            made.close()


def now_of(message, cast) -> OutboxMessage:
    with act_as(cast.system()):
        return OutboxMessage.objects.get(id=message.id)


@pytest.mark.promise("P15")
def test_a_letter_is_delivered_once_and_recorded(committed, post, mail_server, noon):
    letters = post.write(committed.system(), 3, noon)
    assert run(noon) == 3
    assert run(noon) == 0
    assert sorted(mail_server.message_ids) == sorted(letter.message_id for letter in letters)
    assert sorted(post.settled) == sorted((letter.object_id, State.DONE) for letter in letters)
    with act_as(committed.system()):
        for letter in letters:
            verbs = LedgerEntry.objects.filter(object_id=letter.object_id).values_list(
                "verb", flat=True
            )
            assert list(verbs) == ["foundation.outbox.done"]


@pytest.mark.promise("P15")
def test_an_act_that_is_rolled_back_sends_nothing(committed, post, mail_server, noon):
    with pytest.raises(ZeroDivisionError), act_as(committed.system()):
        outbox.post(
            OutboxMessage.Kind.EMAIL, post.NAME, object_kind="t", object_id=new_id(), at=noon
        )
        raise ZeroDivisionError
    assert run(noon) == 0
    assert mail_server.message_ids == []


def test_a_letter_does_not_leave_before_its_time(committed, post, mail_server, noon):
    post.write(committed.system(), 1, noon + timedelta(hours=1))
    assert run(noon) == 0
    assert run(noon + timedelta(hours=1)) == 1


@pytest.mark.promise("P14")
def test_what_the_gate_holds_back_at_delivery_never_leaves(committed, post, mail_server, noon):
    held, goes = post.write(committed.system(), 2, noon)
    post.withhold.add(held.object_id)
    run(noon)
    assert mail_server.message_ids == [goes.message_id]
    assert (now_of(held, committed).state, now_of(held, committed).outcome) == (
        State.WITHHELD,
        "held back by PG-001",
    )
    run(noon + timedelta(days=1))
    assert len(mail_server.message_ids) == 1


@pytest.mark.promise("P15")
@pytest.mark.parametrize("where", ["at_rcpt", "at_data"])
def test_a_permanent_refusal_is_final(committed, post, mail_server, noon, where):
    setattr(mail_server.handler, where, "550 no such user")
    (letter,) = post.write(committed.system(), 1, noon)
    run(noon)
    seen = now_of(letter, committed)
    assert (seen.state, seen.outcome) == (State.REFUSED, "550 no such user")
    assert run(noon + timedelta(days=9)) == 0


@pytest.mark.promise("P15")
@pytest.mark.parametrize("where", ["at_mail", "at_rcpt", "at_data"])
@pytest.mark.parametrize("answer", ["451 try later", "421 closing"])
def test_a_temporary_refusal_is_tried_again_later_and_then_delivered(
    committed, post, mail_server, noon, where, answer
):
    setattr(mail_server.handler, where, answer)
    mail_server.handler.n_times = 2
    (letter,) = post.write(committed.system(), 1, noon)
    waits, at = [], noon
    for _ in range(2):
        run(at)
        seen = now_of(letter, committed)
        assert (seen.state, seen.lease_until) == (State.PENDING, None)
        waits.append((seen.due_at - at).total_seconds())
        assert run(at) == 0
        at = seen.due_at
    assert waits == [2, 4]
    run(at)
    assert mail_server.message_ids == [letter.message_id]
    assert now_of(letter, committed).state == State.DONE


@pytest.mark.promise("P15")
def test_a_server_that_never_takes_a_letter_is_given_up_in_the_end(
    committed, post, mail_server, noon, monkeypatch
):
    mail_server.handler.at_rcpt = "451 try later"
    (letter,) = post.write(committed.system(), 1, noon)
    at, n_tries = noon, 0
    while now_of(letter, committed).state == State.PENDING:
        n_tries += run(at)
        at += timedelta(hours=1)
    assert n_tries == MOST_ATTEMPTS
    assert now_of(letter, committed).state == State.REFUSED


@pytest.mark.promise("P35")
def test_without_a_mail_server_letters_wait_uncounted_and_events_go_on(
    committed, post, mail_server, noon
):
    heard = []
    topics.listen("tests.happened", lambda event, at: heard.append(event.object_id))
    (letter,) = post.write(committed.system(), 1, noon)
    with act_as(committed.system()):
        event = outbox.post(
            OutboxMessage.Kind.EVENT, "tests.happened", object_kind="t", object_id=new_id(), at=noon
        )
    mail_server.stop()
    for hours in range(48):
        run(noon + timedelta(hours=hours))
    assert heard == [event.object_id]
    seen = now_of(letter, committed)
    assert (seen.state, seen.attempts) == (State.PENDING, 0)
    mail_server.start()
    run(noon + timedelta(hours=49))
    assert mail_server.message_ids == [letter.message_id]


@pytest.mark.promise("P15")
def test_a_connection_broken_before_the_text_is_tried_again(committed, post, mail_server, noon):
    mail_server.handler.hang_up_before_text = True
    mail_server.handler.n_times = 1
    (letter,) = post.write(committed.system(), 1, noon)
    run(noon)
    assert now_of(letter, committed).state == State.PENDING
    run(noon + timedelta(minutes=1))
    assert mail_server.message_ids == [letter.message_id]


@pytest.mark.promise("P15")
@pytest.mark.parametrize("arrived", [True, False])
def test_a_connection_broken_with_the_text_parks_the_letter_for_a_person(
    committed, post, mail_server, noon, arrived
):
    handler = mail_server.handler
    handler.hang_up_with_text, handler.keep_when_hanging_up, handler.n_times = True, arrived, 1
    letter, after = post.write(committed.system(), 2, noon)
    run(noon)
    run(noon + timedelta(days=1))
    assert now_of(letter, committed).state == State.PARKED
    assert "broke while sending" in now_of(letter, committed).outcome
    assert now_of(after, committed).state == State.DONE
    assert mail_server.message_ids.count(letter.message_id) == arrived
    assert (letter.object_id, State.PARKED) in post.settled
    assert letter.message_id in status()["parked"]


@pytest.mark.promise("P15")
def test_a_person_sends_a_parked_letter_again_with_the_same_id(committed, post, mail_server, noon):
    mail_server.handler.hang_up_with_text, mail_server.handler.n_times = True, 1
    (letter,) = post.write(committed.system(), 1, noon)
    run(noon)
    later = noon + timedelta(hours=2)
    assert retry([letter.message_id, "<unknown@entente.test>"], at=later) == [
        "<unknown@entente.test>"
    ]
    assert retry([letter.message_id], at=later) == [letter.message_id]
    run(later)
    assert mail_server.message_ids == [letter.message_id]
    with act_as(committed.system()):
        verbs = LedgerEntry.objects.filter(object_id=letter.object_id).order_by("seq")
        assert list(verbs.values_list("verb", flat=True)) == [
            "foundation.outbox.parked",
            "foundation.outbox.retried",
            "foundation.outbox.done",
        ]


@pytest.mark.promise("P15")
def test_a_letter_whose_sender_died_is_parked_when_its_lease_ends_and_not_before(
    committed, post, mail_server, noon, monkeypatch
):
    class Killed(BaseException):
        pass

    class Dying(Mailer):
        def send(self, message):
            raise Killed

    (letter,) = post.write(committed.system(), 1, noon)
    with pytest.raises(Killed):
        run(noon, Dying())
    assert now_of(letter, committed).state == State.CLAIMED
    assert run(noon + LEASE / 2) == 0
    assert run(noon + LEASE + timedelta(seconds=1)) == 1
    assert now_of(letter, committed).state == State.PARKED
    assert mail_server.message_ids == []


@pytest.mark.promise("P35")
def test_a_letter_that_cannot_be_prepared_holds_up_no_other(committed, post, mail_server, noon):
    broken, *rest = post.write(committed.system(), 4, noon)
    post.broken.add(broken.object_id)
    run(noon)
    assert sorted(mail_server.message_ids) == sorted(letter.message_id for letter in rest)
    seen = now_of(broken, committed)
    assert (seen.state, seen.attempts) == (State.PENDING, 1)
    assert seen.outcome == "could not be handled (LookupError); the log says more"
    post.broken.clear()
    run(seen.due_at)
    assert now_of(broken, committed).state == State.DONE


@pytest.mark.promise("P35")
def test_a_letter_that_can_never_be_prepared_ends_before_a_person(
    committed, post, mail_server, noon, monkeypatch
):
    monkeypatch.setattr(deliver, "MOST_ATTEMPTS", 3)
    (letter,) = post.write(committed.system(), 1, noon)
    post.broken.add(letter.object_id)
    for hours in range(5):
        run(noon + timedelta(hours=hours))
    assert now_of(letter, committed).state == State.PARKED
    assert letter.message_id in status()["parked"]


@pytest.mark.promise("P15")
def test_a_room_that_cannot_take_the_outcome_causes_no_second_letter(
    committed, post, mail_server, noon
):
    (letter,) = post.write(committed.system(), 1, noon)
    post.breaks_when_settling = True
    run(noon)
    run(noon + LEASE / 2)
    assert now_of(letter, committed).state == State.CLAIMED
    run(noon + LEASE * 2)
    assert now_of(letter, committed).state == State.PARKED
    assert mail_server.message_ids == [letter.message_id]


@pytest.mark.promise("P27")
@pytest.mark.parametrize("recipient", ["", "a@b.test\nBcc: c@d.test", "no address"])
def test_a_letter_that_cannot_be_written_is_refused_and_never_called_sent(
    committed, post, mail_server, noon, recipient
):
    post.recipient = recipient
    mail_server.handler.at_rcpt = "501 bad address" if recipient == "no address" else None
    (letter,) = post.write(committed.system(), 1, noon)
    run(noon)
    assert now_of(letter, committed).state == State.REFUSED
    assert mail_server.message_ids == []


def test_a_line_with_a_single_dot_does_not_end_the_letter(committed, post, mail_server, noon):
    post.write(committed.system(), 1, noon)
    run(noon)
    (mail,) = mail_server.handler.accepted
    assert mail.get_payload().splitlines() == [".", "..", "end"]


@pytest.mark.promise("P15")
def test_an_event_is_heard_once_by_every_listener(committed, post, mail_server, noon):
    heard: list[tuple[str, object]] = []
    topics.listen("tests.happened", lambda event, at: heard.append(("one", event.object_id)))
    topics.listen("tests.happened", lambda event, at: heard.append(("two", event.object_id)))
    with act_as(committed.system()):
        events = outbox.post_many(
            OutboxMessage.Kind.EVENT, "tests.happened", object_kind="t",
            object_ids=[new_id() for _ in range(3)], at=noon,
        )  # fmt: skip
    run(noon)
    run(noon + timedelta(days=1))
    assert sorted(heard) == sorted((who, e.object_id) for who in ("one", "two") for e in events)


@pytest.mark.promise("P15")
def test_an_event_that_one_listener_fails_on_is_heard_again_by_all(
    committed, post, mail_server, noon
):
    fails = [True]

    def write(event, at):
        LedgerEntry.objects.count()
        outbox.post(
            OutboxMessage.Kind.EVENT, "tests.after", object_kind="t", object_id=event.id, at=at
        )

    def fail(event, at):
        if fails[0]:
            raise LookupError

    topics.listen("tests.happened", write)
    topics.listen("tests.happened", fail)
    with act_as(committed.system()):
        event = outbox.post(
            OutboxMessage.Kind.EVENT, "tests.happened", object_kind="t", object_id=new_id(), at=noon
        )
    run(noon)
    with act_as(committed.system()):
        assert not OutboxMessage.objects.filter(topic="tests.after", object_id=event.id).exists()
    fails[0] = False
    run(noon + timedelta(minutes=1))
    with act_as(committed.system()):
        assert OutboxMessage.objects.filter(topic="tests.after", object_id=event.id).count() == 1


@pytest.mark.promise("P15")
def test_several_senders_at_once_deliver_each_letter_once(committed, post, mail_server, noon):
    letters = post.write(committed.system(), 40, noon)

    def send() -> None:
        run(noon)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(mail_server.message_ids) == sorted(letter.message_id for letter in letters)


@pytest.mark.promise("P1")
def test_each_letter_is_prepared_under_its_own_organisation(committed, post, mail_server, noon):
    seen = {}
    scopes = [committed.system(), committed.system(committed.partner)]
    letters = [post.write(scope, 1, noon)[0] for scope in scopes]
    plain = post.prepare

    def prepare(message, at):
        from entente.foundation.access.scope import current_scope

        seen[message.id] = (current_scope().org_id, current_scope().is_host)
        return plain(message, at)

    outbox.register(post.NAME, outbox.Topic(prepare=prepare, settled=post.settle))
    run(noon)
    assert seen == {
        letters[0].id: (committed.host.id, True),
        letters[1].id: (committed.partner.id, False),
    }


def test_nothing_but_a_parked_or_refused_letter_is_sent_again(committed, post, mail_server, noon):
    (letter,) = post.write(committed.system(), 1, noon)
    with act_as(committed.system()):
        assert not retry_parked(letter.id, at=noon)
    run(noon)
    with act_as(committed.system()):
        assert not retry_parked(letter.id, at=noon)
        assert not retry_parked(new_id(), at=noon)
