"""Webinars: polls opened and closed, one answer each, counts; questions, medical ones apart."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db.utils import DatabaseError
from django.test import Client

from entente.engagement.actions.attend import register, take_presence
from entente.engagement.actions.events import (
    agree_event,
    open_event,
    record_need,
    set_up_event,
)
from entente.engagement.actions.invite import PURPOSE
from entente.engagement.actions.webinar import (
    add_poll,
    answer_poll,
    ask_in_event,
    close_poll,
    open_poll,
    settle_question,
)
from entente.engagement.domain.gathering import EventPlan
from entente.engagement.models import EventPoll, EventPollAnswer, EventQuestion, Inquiry
from entente.engagement.reads import held_details
from entente.engagement.reads import webinar as reads
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.links import make_link
from entente.foundation.models import new_id
from tests.cast import PASSWORD

pytestmark = pytest.mark.feature("engagement/detailing")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def at(noon):
    return noon + timedelta(hours=4)


@pytest.fixture
def webinar(cast, world, at):
    """A webinar of two companies that begins in ten minutes; 200 places."""
    plan = EventPlan(
        kind="webinar", title="Heart failure, one hour", topic="Heart failure",
        controller_id=world.entity, country="US", time_zone="America/New_York",
        starts_at=at + timedelta(minutes=10), ends_at=at + timedelta(minutes=70),
        setting="virtual", places=200,
    )  # fmt: skip
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        event = set_up_event(plan, partner_shares={cast.partner.id: Decimal("0.4")}, at=at)
        record_need(event.id, "Guideline changed", "Published on the topic", at=at)
        agree_event(event.id, password=PASSWORD, at=at)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        agree_event(event.id, password=PASSWORD, at=at)
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        return open_event(event.id, at=at)


def _comes(cast, event, name, at, *, seen_by=(), hcp_id=None):
    with act_as(cast.system()):
        return register(
            event.id, hcp_id=hcp_id, name=name, email=f"{name.lower()}@hcp.test",
            seen_by=seen_by, at=at,
        )  # fmt: skip


@pytest.fixture
def guest(cast, webinar, world, at):
    """The address of somebody's ticket; registered, unseen by the partner."""
    attendee = _comes(cast, webinar, "Willing", at, hcp_id=world.willing)
    with act_as(cast.system()):
        token = make_link(
            PURPOSE, person_id=world.willing, object_kind="engagement.event",
            object_id=webinar.id, at=at, valid_days=30,
        )  # fmt: skip
    return attendee, f"/events/register/{token}/"


def _poll(cast, event, at, *, opens=True, choices=("Yes", "No", "Not sure")):
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        poll = add_poll(event.id, "Do you know the new guideline?", choices, at=at)
        return open_poll(poll.id, at=at) if opens else poll


def _answers(cast, poll, attendees, choice, at):
    for each in attendees:
        with act_as(cast.system()):
            assert answer_poll(each.id, poll.id, choice, at=at)


def test_each_attendee_answers_once_and_the_counts_are_shown(cast, webinar, at):
    people = [_comes(cast, webinar, f"Person{n}", at) for n in range(4)]
    poll = _poll(cast, webinar, at)
    _answers(cast, poll, people[:3], 1, at)
    _answers(cast, poll, people[3:], 0, at)
    with act_as(cast.system()):
        assert answer_poll(people[0].id, poll.id, 2, at=at) is False
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        told = reads.polls_of(webinar.id)[0]
        close_poll(poll.id, at=at)
    assert [(bar.text, bar.n, bar.percent) for bar in told.bars] == [
        ("Yes", 1, 25),
        ("No", 3, 75),
        ("Not sure", 0, 0),
    ]
    with act_as(cast.system()), pytest.raises(UserError, match="takes no answers"):
        answer_poll(people[0].id, poll.id, 1, at=at)


def test_the_database_takes_no_second_answer_and_none_to_a_closed_poll(cast, webinar, at):
    people = [_comes(cast, webinar, f"Person{n}", at) for n in range(2)]
    poll = _poll(cast, webinar, at)
    _answers(cast, poll, people[:1], 1, at)

    def answer(attendee, choice=0):
        EventPollAnswer.objects.create(
            id=new_id(), org_id=cast.host.id, poll_id=poll.id, attendee_id=attendee.id,
            choice=choice,
        )  # fmt: skip

    with pytest.raises(DatabaseError, match="one_answer_per_poll"), act_as(cast.system()):
        answer(people[0])
    with pytest.raises(DatabaseError, match="no such choice"), act_as(cast.system()):
        answer(people[1], choice=3)
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        close_poll(poll.id, at=at)
    with pytest.raises(DatabaseError, match="not open"), act_as(cast.system()):
        answer(people[1])
    with (
        pytest.raises(DatabaseError, match="never changes"),
        act_as(cast.scope(Role.EVENT_MANAGER)),
    ):
        EventPoll.objects.filter(id=poll.id).update(question="Something else")


def test_a_partner_gets_counts_in_steps_of_eleven_and_no_answer(cast, webinar, at):
    people = [_comes(cast, webinar, f"Person{n}", at, seen_by=[cast.partner.id]) for n in range(26)]
    poll = _poll(cast, webinar, at)
    _answers(cast, poll, people[:23], 0, at)
    _answers(cast, poll, people[23:], 1, at)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        told = reads.polls_of(webinar.id)[0]
        assert [bar.n for bar in told.bars] == [22, 0, 0]
        assert EventPollAnswer.objects.count() == 0
        with pytest.raises(OutOfScope):
            close_poll(poll.id, at=at)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.stranger)):
        assert reads.polls_of(webinar.id) == []


@pytest.mark.parametrize(
    ("question", "choices", "said"),
    [
        ("", ("a", "b"), "write the question"),
        ("One?", ("a",), "2 to 8"),
        ("One?", ("a", "A "), "different"),
        ("One?", tuple("abcdefghi"), "2 to 8"),
        ("One?", ("a", "b" * 101), "at most 100"),
    ],
)
def test_a_poll_that_does_not_fit_is_refused(cast, webinar, at, question, choices, said):
    with act_as(cast.scope(Role.EVENT_MANAGER)), pytest.raises(UserError, match=said):
        add_poll(webinar.id, question, choices, at=at)


def test_only_whoever_manages_the_event_asks_and_during_the_webinar(cast, webinar, at):
    with act_as(cast.scope(Role.REPRESENTATIVE)), pytest.raises(OutOfScope):
        add_poll(webinar.id, "One?", ("a", "b"), at=at)
    poll = _poll(cast, webinar, at, opens=False)
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        with pytest.raises(UserError, match="four hours before"):
            open_poll(poll.id, at=at + timedelta(days=3))
        open_poll(poll.id, at=at)
        with pytest.raises(UserError, match="opened before"):
            open_poll(poll.id, at=at)


@pytest.mark.promise("P5")
def test_a_medical_question_of_a_webinar_is_at_its_desk_and_nowhere_else(
    cast, webinar, guest, at, browser, program
):
    attendee, _ = guest
    with act_as(cast.system()):
        assert ask_in_event(
            attendee.id, "leader", "Marked words: what of renal dosing?", link_id=new_id(), at=at
        )
    for role, organisation in (
        (Role.EVENT_MANAGER, None),
        (Role.BRAND_LEAD, None),
        (Role.PARTNER_MARKETER, cast.partner),
    ):
        page = browser(role, organisation).get(f"/events/{webinar.id}/polls/").text
        assert "Marked words" not in page
        assert "Willing" not in page.split("<main")[1]
        answer = program(role, organisation).get(f"/api/engagement/events/{webinar.id}/questions")
        assert "Marked words" not in answer.text
        with act_as(cast.scope(role, organisation)):
            assert not EventQuestion.objects.exclude(words="", attendee=None).exists()
    assert (
        "1 question went to the medical team"
        in browser(Role.EVENT_MANAGER).get(f"/events/{webinar.id}/polls/").text
    )
    with act_as(cast.scope(Role.MSL)):
        assert Inquiry.objects.get().question.startswith("Marked words")
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        assert Inquiry.objects.count() == 0


def test_the_database_keeps_no_words_of_a_medical_question(cast, webinar, guest, at):
    with (
        pytest.raises(DatabaseError, match="medical_question_without_words"),
        act_as(cast.system()),
    ):
        EventQuestion.objects.create(
            id=new_id(), org_id=cast.host.id, event=webinar, words="x", is_medical=True, asked_at=at
        )


def test_a_partner_reads_the_questions_of_those_who_agreed_to_be_seen_by_it(cast, webinar, at):
    seen = _comes(cast, webinar, "Seen", at, seen_by=[cast.partner.id])
    unseen = _comes(cast, webinar, "Unseen", at)
    for each in (seen, unseen):
        with act_as(cast.system()):
            words = f"Will there be slides, asks {each.name}?"
            assert not ask_in_event(each.id, "leader", words, link_id=new_id(), at=at)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        found = reads.questions_of(webinar.id)
        assert [each.attendee.name for each in found] == ["Seen"]
        with pytest.raises(EventQuestion.DoesNotExist):
            settle_question(found[0].id, at=at)
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        found = reads.questions_of(webinar.id)
        settle_question(found[0].id, at=at)
        assert [each.attendee.name for each in reads.questions_of(webinar.id)] == ["Unseen", "Seen"]


def test_at_the_ticket_a_poll_is_answered_and_a_question_asked(
    cast, webinar, guest, at, browser, world
):
    _, address = guest
    manager, hcp = browser(Role.EVENT_MANAGER), Client()
    home = f"/events/{webinar.id}/polls/"
    assert "Polls and questions" in manager.get(f"/events/{webinar.id}/").text
    bad = manager.post(home, {"question": "Known?", "choices": "Yes"})
    assert bad.status_code == 422
    manager.post(home, {"question": "Known?", "choices": "Yes\nNo\n"})
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        poll = reads.polls_of(webinar.id)[0].poll
    assert "Known?" not in hcp.get(address).text
    manager.post(f"{home}{poll.id}/move/", {"open": "1"})
    page = hcp.get(address)
    assert "Known?" in page.text
    mark = page.context["webinar"]["mark"]
    assert hcp.get(f"{address}polls/", {"mark": mark}).status_code == 204
    told = hcp.post(f"{address}answer/", {"poll": poll.id, "choice": "0"}, headers=HTMX)
    assert "You have answered" in told.text
    assert "50 %" not in told.text
    assert hcp.post(f"{address}answer/", {"poll": "x", "choice": "0"}).status_code == 302
    manager.post(f"{home}{poll.id}/move/", {"close": "1"})
    assert "1 · 100 %" in hcp.get(f"{address}polls/", {"mark": mark}).text
    asked = hcp.post(f"{address}ask/", {"wish": "leader", "words": "Will there be slides?"})
    assert asked.url.endswith("?asked=leader")
    assert hcp.post(f"{address}ask/", {"wish": "leader", "words": ""}).status_code == 422
    listed = manager.get(home)
    assert "Will there be slides?" in listed.text
    question = listed.context["questions"][0]
    done = manager.post(f"/events/{webinar.id}/questions/{question.id}/settle/", follow=True)
    assert "Answered." in done.text
    with act_as(cast.system()):
        held = held_details.said_in_webinars(world.willing, at)
    assert held[0] == {"poll": "Known?", "answer": "Yes"}
    assert held[1]["question"] == "Will there be slides?"


def test_who_has_no_place_takes_no_part(cast, webinar, at, world):
    with act_as(cast.system()):
        token = make_link(
            PURPOSE, person_id=world.silent, object_kind="engagement.event",
            object_id=webinar.id, at=at, valid_days=30,
        )  # fmt: skip
    poll, address = _poll(cast, webinar, at), f"/events/register/{token}/"
    for way, given in (
        ("answer/", {"poll": poll.id, "choice": "0"}),
        ("ask/", {"wish": "leader", "words": "Will there be slides?"}),
    ):
        assert Client().post(f"{address}{way}", given).status_code == 302
    assert Client().get(f"{address}polls/").status_code == 302
    with act_as(cast.system()):
        assert EventPollAnswer.objects.count() == EventQuestion.objects.count() == 0


def test_a_program_asks_counts_settles_and_takes_presence(cast, webinar, at, program):
    api = program(Role.EVENT_MANAGER)
    home = f"/api/engagement/events/{webinar.id}"
    json = {"content_type": "application/json"}
    made = api.post(f"{home}/polls", {"question": "Known?", "choices": ["Yes", "No"]}, **json)
    assert made.status_code == 201, made.text
    poll = made.json()["id"]
    assert api.post(f"/api/engagement/polls/{poll}/opening", **json).json()["status"] == "open"
    assert api.post(f"/api/engagement/polls/{poll}/closing", **json).json()["status"] == "closed"
    assert [each["n"] for each in api.get(f"{home}/polls").json()] == [0]
    person = _comes(cast, webinar, "Person", at)
    with act_as(cast.system()):
        ask_in_event(person.id, "leader", "Will there be slides?", link_id=new_id(), at=at)
    asked = api.get(f"{home}/questions").json()["questions"]
    settled = api.post(f"/api/engagement/event-questions/{asked[0]['id']}/settlement", **json)
    assert settled.json()["settled_at"] is not None
    begins = webinar.starts_at

    def stay(since, until, email="person@hcp.test"):
        return {
            "email": email,
            "joined_at": (begins + timedelta(minutes=since)).isoformat(),
            "left_at": (begins + timedelta(minutes=until)).isoformat(),
        }

    # Two devices at once, a break, and time before the beginning: 20 + 10 minutes remain.
    stays = [stay(-5, 15), stay(10, 20), stay(30, 40), stay(0, 5, "unknown@hcp.test")]
    taken = api.post(f"{home}/presence", {"stays": stays}, **json)
    assert taken.json() == {"n_changed": 1, "unknown": ["unknown@hcp.test"]}
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        person.refresh_from_db()
        assert person.minutes == 30
    wrong = api.post(f"{home}/presence", {"stays": [stay(5, 4)]}, **json)
    assert wrong.status_code == 422
    assert "stay 1" in wrong.text


def test_presence_taken_twice_is_taken_once(cast, webinar, at):
    person = _comes(cast, webinar, "Person", at)
    begins = webinar.starts_at
    stays = {"person@hcp.test": [(begins, begins + timedelta(minutes=20))]}
    with act_as(cast.scope(Role.EVENT_MANAGER)), time_machine.travel(at):
        assert take_presence(webinar.id, stays, at=at) == (1, [])
        assert take_presence(webinar.id, stays, at=at) == (0, [])
        person.refresh_from_db()
        assert person.minutes == 20
