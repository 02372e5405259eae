"""Remote details: planned through the gate, followed in one browser, measured, recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db.utils import DatabaseError

from entente.consent.actions import suppress
from entente.content import actions as content
from entente.engagement.actions.detail_lead import end_detail, readmit, show_item
from entente.engagement.actions.detail_plan import withdraw_detail
from entente.engagement.models import Detail, Inquiry, Touch
from entente.engagement.reads import details as reads
from entente.engagement.reads import held_details
from entente.engagement.reads import touches as touch_reads
from entente.engagement.tests.shell.detail_world import Hcp, for_web, planned
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError
from entente.foundation.models import LedgerEntry

pytestmark = pytest.mark.feature("engagement/detailing")


@pytest.fixture
def items(cast, world, noon):
    return [for_web(cast, noon, title) for title in ("First item", "Second item")]


@pytest.fixture
def clock(working_hours):
    """A clock that stands until it is moved."""
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def going(cast, world, items, clock):
    """A remote detail that the HCP has begun, and his browser."""
    made, link = planned(cast, world, datetime.now(UTC), items)
    hcp = Hcp.at(link)
    assert hcp.begin().status_code == 302
    return made, hcp


def _lead(cast, act, *given, role=Role.REPRESENTATIVE, **more):
    with act_as(cast.scope(role)):
        return act(*given, at=datetime.now(UTC), **more)


def _record(cast, detail, role=Role.REPRESENTATIVE):
    with act_as(cast.scope(role)):
        row = reads.detail(detail.id)
        return row.record, touch_reads.shown_in(row.record_id)


def _watch(hcp, clock, seconds, mark=""):
    """Follow for some seconds, asking every second and a half as the page does."""
    for _ in range(int(seconds / 1.5)):
        clock.shift(1.5)
        hcp.now(mark)


def test_what_was_on_show_becomes_a_record_to_the_second(cast, going, clock):
    detail, hcp = going
    assert "Nothing is on show" in hcp.now().text
    assert _lead(cast, show_item, detail.id, 1) == ""
    assert "words of First item" in hcp.now().text
    _watch(hcp, clock, 45)
    hcp.says(1, "useful")
    _lead(cast, show_item, detail.id, 2)
    assert "words of Second item" in hcp.now().text
    _watch(hcp, clock, 21)
    _lead(cast, show_item, detail.id, 1)
    hcp.now()
    _watch(hcp, clock, 9)
    _lead(cast, end_detail, detail.id, note="Wants the guideline", reaction="positive")
    record, shown = _record(cast, detail)
    assert [(each.version.item.title, each.seconds, each.reaction) for each in shown] == [
        ("First item", 54, "positive"),
        ("Second item", 21, ""),
    ]
    assert (record.status, record.kind, record.minutes) == ("done", "remote", 2)
    assert (record.standing, record.note) == ("cleared", "Wants the guideline")
    assert {each.decision.outcome for each in shown} == {"PERMIT"}
    assert hcp.look().status_code == 404
    assert "It is over" in hcp.now().text


def test_the_record_never_changes_and_the_plan_is_superseded_by_it(cast, going, clock):
    detail, hcp = going
    _lead(cast, show_item, detail.id, 1)
    hcp.now()
    _watch(hcp, clock, 6)
    _lead(cast, end_detail, detail.id)
    record, _ = _record(cast, detail)
    assert record.root_id == detail.touch.root_id
    with (
        pytest.raises(DatabaseError, match="never changes"),
        act_as(cast.scope(Role.REPRESENTATIVE)),
    ):
        Touch.objects.filter(id=record.id).update(note="nicer")
    with pytest.raises(UserError, match="not going on"):
        _lead(cast, end_detail, detail.id)
    with act_as(cast.scope(Role.COMPLIANCE)):
        verbs = set(LedgerEntry.objects.filter(object_id=detail.id).values_list("verb", flat=True))
    assert verbs == {f"engagement.detail.{verb}" for verb in ("planned", "begun", "shown", "ended")}


def test_opening_the_link_begins_nothing(cast, world, items, clock):
    made, link = planned(cast, world, datetime.now(UTC), items)
    hcp = Hcp.at(link)
    for _ in range(3):
        page = hcp.look()
        assert page.status_code == 200
        assert "Begin" in page.text
    assert hcp.now().status_code == 200
    assert "words of" not in hcp.now().text
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        row = reads.detail(made.id)
        assert (row.status, row.seen_at, row.browser_hash) == ("planned", None, "")


@pytest.mark.promise("P14")
def test_a_stop_between_plan_and_start_forbids_the_start(cast, world, items, clock, browser):
    made, link = planned(cast, world, datetime.now(UTC), items)
    with act_as(cast.system()):
        suppress(world.willing, "wrote that all is to stop", datetime.now(UTC))
    clock.shift(60)
    refused = Hcp.at(link).begin()
    assert refused.status_code == 200
    assert "It cannot begin now." in refused.text
    assert "stop" not in refused.text.split("<main")[1].split("</main>")[0].lower()
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        row = reads.detail(made.id)
        assert row.status == "planned"
        assert "PG-STOP-1" in row.refusal.rule_ids
    assert (
        "the gate forbade it"
        in browser(Role.REPRESENTATIVE).get(f"/remote-details/{made.id}/").text
    )


def test_a_plan_that_the_gate_forbids_has_no_link(cast, world, items, clock):
    with act_as(cast.system()):
        suppress(world.willing, "wrote that all is to stop", datetime.now(UTC))
    made, link = planned(cast, world, datetime.now(UTC), items)
    assert (made.status, made.touch.status, link) == ("refused", "forbidden", "")


def test_an_item_that_is_recalled_leaves_the_screen_and_is_not_shown_again(
    cast, going, clock, items
):
    detail, hcp = going
    _lead(cast, show_item, detail.id, 1)
    assert "words of First item" in hcp.now().text
    with act_as(cast.scope(Role.BRAND_LEAD)):
        content.withdraw_version(items[0], reason="a claim fell", at=datetime.now(UTC))
    gone = hcp.now("1.").text
    assert "words of First item" not in gone
    assert "Nothing is on show" in gone
    why = _lead(cast, show_item, detail.id, 1)
    assert "not released" in why
    assert "words of First item" not in hcp.now().text
    assert _lead(cast, show_item, detail.id, 2) == ""
    assert "words of Second item" in hcp.now().text


def test_an_item_for_another_channel_is_not_shown(cast, world, clock):
    made, link = planned(cast, world, datetime.now(UTC), [world.version])
    assert (made.status, link) == ("refused", "")


def test_a_silence_is_not_counted_as_looking(cast, going, clock):
    detail, hcp = going
    _lead(cast, show_item, detail.id, 1)
    hcp.now()
    _watch(hcp, clock, 30)
    clock.shift(600)
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        row = reads.detail(detail.id)
        assert not reads.is_there(row, datetime.now(UTC))
    hcp.now()
    _watch(hcp, clock, 15)
    clock.shift(3_600)
    _lead(cast, end_detail, detail.id)
    record, shown = _record(cast, detail)
    assert [each.seconds for each in shown] == [45]
    assert record.minutes == 11


def test_what_never_was_on_the_screen_is_not_in_the_record(cast, going):
    detail, hcp = going
    # Put on show and taken off before the HCP's browser asked.
    _lead(cast, show_item, detail.id, 2)
    _lead(cast, show_item, detail.id, 0)
    hcp.now()
    _lead(cast, end_detail, detail.id)
    record, shown = _record(cast, detail)
    assert shown == []
    assert record.status == "done"


def test_only_the_browser_that_began_follows(cast, going):
    detail, hcp = going
    _lead(cast, show_item, detail.id, 1)
    second = Hcp.at(hcp.link)
    assert "another browser" in second.look().text
    assert second.begin().status_code == 409
    assert "words of" not in second.now().text
    assert second.says(1, "useful").status_code == 302
    _lead(cast, readmit, detail.id)
    assert second.begin().status_code == 302
    assert "words of First item" in second.now().text
    assert "words of" not in hcp.now().text


def test_a_link_is_taken_back_and_opens_nothing(cast, world, items, clock):
    made, link = planned(cast, world, datetime.now(UTC), items)
    with act_as(cast.scope(Role.BRAND_LEAD)), pytest.raises(Exception, match="role"):
        withdraw_detail(made.id, "not mine", at=datetime.now(UTC))
    _lead(cast, withdraw_detail, made.id, "the practice is closed")
    assert Hcp.at(link).look().status_code == 404
    assert Hcp.at(link).begin().status_code == 404
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        assert reads.detail(made.id).touch.status == "cancelled"


def test_a_link_ends_a_day_after_its_time(cast, world, items, clock):
    _, link = planned(cast, world, datetime.now(UTC), items)
    clock.shift(49 * 3_600)
    assert Hcp.at(link).begin().status_code == 404


def test_a_plan_that_was_cancelled_or_logged_by_hand_does_not_begin(cast, world, items, clock):
    from entente.engagement.actions import cancel_touch

    made, link = planned(cast, world, datetime.now(UTC), items)
    _lead(cast, cancel_touch, made.touch_id, "ill")
    assert Hcp.at(link).begin().status_code == 409


def test_nobody_is_shown_something_whom_no_link_can_reach(cast, world, items, clock):
    from entente.directory.actions import add_hcp

    with act_as(cast.system()):
        far = add_hcp(
            family_name="Far", given_name="Test", country="US", profession="physician",
            at=datetime.now(UTC), us_state="MA", identity_status="verified", licence_active=True,
        )  # fmt: skip
    with pytest.raises(UserError, match="cannot reach the person"):
        planned(cast, world, datetime.now(UTC), items, hcp_id=far.id)


@pytest.mark.promise("P5")
@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("Marked words on renal dosing", "medical"),
        # Called a matter of appointments, and medical all the same.
        ("Marked words: which dose for my patients?", "leader"),
    ],
)
def test_a_medical_question_is_read_by_medical_staff_alone(
    cast, going, browser, program, words, wish
):
    detail, hcp = going
    _lead(cast, show_item, detail.id, 1)
    hcp.now()
    assert hcp.asks(words, wish).url.endswith("?asked=medical")
    assert "medical team of Halden Pharma" in hcp.client.get(f"{hcp.link}?asked=medical").text
    for role in (Role.REPRESENTATIVE, Role.BRAND_LEAD, Role.EVENT_MANAGER):
        client = browser(role)
        for address in (f"/remote-details/{detail.id}/", "/remote-details/", "/questions/"):
            assert "Marked words" not in client.get(address).text
        answer = program(role).get(f"/api/engagement/remote-details/{detail.id}")
        assert "Marked words" not in answer.text
    page = browser(Role.REPRESENTATIVE).get(f"/remote-details/{detail.id}/").text
    assert "1 question was asked" in page
    assert "Has a question" in page
    with act_as(cast.scope(Role.MSL)):
        asked = Inquiry.objects.get()
        assert (asked.question, asked.desk, asked.wall) == (words, "msl", "medical")
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        assert Inquiry.objects.count() == 0


def test_a_question_asked_in_the_talk_does_not_end_it_but_holds_up_the_next(
    cast, world, going, items, clock
):
    detail, hcp = going
    hcp.asks("Which dose in renal failure?")
    assert _lead(cast, show_item, detail.id, 2) == ""
    hcp.now()
    _watch(hcp, clock, 6)
    _lead(cast, end_detail, detail.id)
    record, shown = _record(cast, detail)
    assert (record.standing, [each.seconds for each in shown]) == ("cleared", [6])
    following, link = planned(cast, world, datetime.now(UTC), items)
    assert (following.status, link) == ("refused", "")
    assert "PG-MED-1" in following.touch.decision.rule_ids


def test_a_medical_case_from_elsewhere_stops_what_is_shown(cast, world, going):
    from entente.engagement.actions import Question, capture_inquiry

    detail, _ = going
    with act_as(cast.scope(Role.MSL)):
        capture_inquiry(
            Question(world.willing, "Which dose?", source="phone"), at=datetime.now(UTC)
        )
    assert "PG-MED-1" in _lead(cast, show_item, detail.id, 1)


def test_a_question_about_an_appointment_goes_to_the_representatives(cast, going):
    _, hcp = going
    assert hcp.asks("Can you come on Monday?", "leader").url.endswith("?asked=leader")
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        assert Inquiry.objects.get().question == "Can you come on Monday?"
    assert hcp.asks("", "leader").status_code == 422
    assert hcp.asks("Patient Mrs. Weber, born 3.4.1961", "medical").status_code == 422


@pytest.mark.promise("P5")
def test_a_medical_detail_is_unseen_by_commercial_colleagues(cast, world, noon, clock, browser):
    item = for_web(cast, noon, "Exchange of science", kind="scientific_exchange")
    made, link = planned(cast, world, datetime.now(UTC), [item], role=Role.MSL)
    assert (made.status, made.wall) == ("planned", "medical")
    hcp = Hcp.at(link)
    hcp.begin()
    assert _lead(cast, show_item, made.id, 1, role=Role.MSL) == ""
    assert "words of Exchange of science" in hcp.now().text
    client = browser(Role.REPRESENTATIVE)
    assert client.get(f"/remote-details/{made.id}/").status_code == 404
    assert "Willing" not in client.get("/remote-details/").text
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        assert Detail.objects.count() == 0


def test_scientific_exchange_is_neither_offered_nor_shown_by_a_representative(
    cast, world, noon, clock
):
    item = for_web(cast, noon, "Exchange of science", kind="scientific_exchange")
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        assert reads.choices(noon.date(), "US") == []
    with act_as(cast.scope(Role.MSL)):
        assert [version.id for version in reads.choices(noon.date(), "US")] == [item]
        assert reads.choices(noon.date(), "DE") == []
    made, link = planned(cast, world, datetime.now(UTC), [item])
    assert (made.status, link) == ("refused", "")


def test_an_item_of_both_companies_is_offered_once_both_approved(cast, world, noon, clock):
    item = for_web(cast, noon, "Written together", partners=[cast.partner.id])
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        assert reads.choices(noon.date(), "US") == []
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        content.decide(
            item, verdict="approve", comment="", password="correct horse battery", at=noon
        )
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        assert [version.id for version in reads.choices(noon.date(), "US")] == [item]
    with act_as(cast.scope(Role.PARTNER_SELLER, cast.partner)):
        assert [version.id for version in reads.choices(noon.date(), "US")] == [item]
    with act_as(cast.scope(Role.PARTNER_SELLER, cast.stranger)):
        assert reads.choices(noon.date(), "US") == []


def test_a_person_finds_what_was_shown_to_him(cast, going, clock):
    detail, hcp = going
    _lead(cast, show_item, detail.id, 1)
    hcp.now()
    _watch(hcp, clock, 12)
    hcp.says(1, "not_useful")
    with act_as(cast.system()):
        held = held_details.details_with(detail.hcp_id, datetime.now(UTC))
    assert held[0]["items"] == ["First item: 12 s, Not useful", "Second item: 0 s, nothing said"]


def test_a_colleague_does_not_lead_it(cast, going):
    detail, _ = going
    with pytest.raises(UserError, match="only the person who planned it"):
        _lead(cast, show_item, detail.id, 1, role=Role.ACCESS_MANAGER)


def test_a_plan_asks_for_items_each_once(cast, world, items, clock):
    for versions in ([], [items[0], items[0]]):
        with pytest.raises(UserError, match="each once"):
            planned(cast, world, datetime.now(UTC), versions)


def test_by_page_a_remote_detail_is_planned_shown_and_ended(cast, world, items, browser, clock):
    client = browser(Role.REPRESENTATIVE)
    form = client.get(f"/hcps/{world.willing}/remote-detail/")
    assert "First item, version 1" in form.text
    assert client.post(f"/hcps/{world.willing}/remote-detail/", {}).status_code == 422
    when = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    page = client.post(
        f"/hcps/{world.willing}/remote-detail/",
        {"items": [str(each) for each in items], "happened_at": when,
         "controller": world.entity, "was_requested": "on"},
        follow=True,
    )  # fmt: skip
    assert "Give the HCP the link below" in page.text
    address = page.request["PATH_INFO"]
    hcp = Hcp.at(page.context["link"])
    assert "waits" not in hcp.look().text
    unchanged = {"was": "planned", "mark": page.context["mark"]}
    assert client.get(f"{address}now/", unchanged).status_code == 204
    hcp.begin()
    assert client.get(f"{address}now/", unchanged).headers["HX-Refresh"] == "true"
    stage = client.post(f"{address}show/", {"position": 2}, headers={"HX-Request": "true"})
    assert "words of Second item" in stage.text
    assert "words of Second item" in hcp.now().text
    assert "words of Second item" in hcp.look().text
    clock.shift(5)
    hcp.now()
    assert client.post(f"{address}show/", {"position": "9"}, follow=True).status_code == 200
    ended = client.post(f"{address}end/", {"note": "", "reaction": "neutral"}, follow=True)
    assert "is the record of the call" in ended.text
    assert "Ended" in client.get("/remote-details/?status=ended&mine=1").text
    record = client.get(f"/calls/{ended.context['row'].record_id}/").text
    assert "0:05" in record


def test_a_program_plans_leads_ends_and_takes_back(cast, world, items, program, clock):
    api, home = program(Role.REPRESENTATIVE), "/api/engagement/remote-details"
    given = {
        "hcp_id": str(world.willing), "controller_id": str(world.entity),
        "happened_at": (datetime.now(UTC) + timedelta(minutes=5)).isoformat(),
        "version_ids": [str(each) for each in items], "was_requested": True,
    }  # fmt: skip
    made = api.post(home, given, content_type="application/json")
    assert made.status_code == 201, made.text
    address = f"{home}/{made.json()['id']}"
    early = api.post(f"{address}/show", {"position": 1}, content_type="application/json")
    assert early.status_code == 422
    hcp = Hcp.at(made.json()["link"])
    hcp.begin()
    shown = api.post(f"{address}/show", {"position": 1}, content_type="application/json").json()
    assert (shown["not_shown_because"], shown["position"]) == ("", 1)
    hcp.now()
    clock.shift(4)
    ended = api.post(f"{address}/end", {"note": "Short"}, content_type="application/json").json()
    assert (ended["status"], ended["items"][0]["seconds"]) == ("ended", 4)
    assert [row["id"] for row in api.get(home).json()["items"]] == [made.json()["id"]]
    again = api.post(home, given, content_type="application/json").json()
    back = api.post(
        f"{home}/{again['id']}/withdrawal", {"reason": "ill"}, content_type="application/json"
    )
    assert back.json()["status"] == "withdrawn"
