"""Events of mail services, read tolerantly and never guessed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.directory.adapters.chunks import RegistryFileError
from entente.engagement.adapters.event_values import text_of
from entente.engagement.adapters.mail_events import read_body, read_file, staged, told_of

pytestmark = pytest.mark.feature("engagement/digital-channels")
EVENT = {"event": "open", "email": "a@b.test", "timestamp": 1513299569}
GUN = {"event": "delivered", "recipient": "a@b.test", "timestamp": 1529006854.329574, "id": "x"}


def sendgrid(**changes):
    return told_of({**EVENT, **changes}, 1)


def mailgun(**changes):
    return told_of({**GUN, **changes}, 1)


def test_values_are_read_as_the_services_write_them():
    assert sendgrid(event="Processed").kind == "processed"
    assert sendgrid(event="spamreport").kind == "complaint"
    assert sendgrid(timestamp="123456789").at.year == 1973
    assert sendgrid(timestamp=1591726752372).at == sendgrid(timestamp=1591726752).at
    assert sendgrid(email='"Test, A." <A.Test@B.TEST>').address == "A.Test@b.test"
    assert sendgrid(**{"smtp-id": "<x@y.test>"}).message_id == "<x@y.test>"
    assert sendgrid(asm_group_id=10).group == "10"
    assert mailgun(message={"headers": {"message-id": "x@y.test"}}).message_id == "<x@y.test>"
    assert mailgun(**{"client-info": {"bot": "apple"}}).by_program
    assert sendgrid(sg_machine_open=True).by_program
    assert not sendgrid(sg_machine_open="true").by_program


def test_categories_as_text_or_list_and_the_case_of_the_event_make_no_new_event():
    assert sendgrid(category="x").key == sendgrid(category=["x"], event="OPEN").key
    assert sendgrid(category="x").key != sendgrid(category=["x", "y"]).key


def test_events_that_share_an_id_are_told_apart_by_what_they_say():
    shared = {"sg_event_id": "same", "sg_message_id": "same"}
    kinds = ("processed", "open", "bounce")
    assert len({sendgrid(event=kind, **shared).key for kind in kinds}) == 3


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"event": "account_status_change"}, "event"),
        ({"event": None}, "event"),
        ({"timestamp": "yesterday"}, "timestamp"),
        ({"timestamp": True}, "timestamp"),
        ({"timestamp": float("nan")}, "timestamp"),
        ({"timestamp": 0}, "timestamp"),
        ({"email": "nobody"}, "email"),
        ({"email": ["a@b.test"]}, "email"),
        ({"email": "a@b.test, c@d.test"}, "email"),
    ],
)
def test_what_cannot_be_read_is_refused_with_field_and_remedy(changes, field):
    told = sendgrid(**changes)
    assert (told.field, bool(told.remedy), told.address) == (field, True, "")


@pytest.mark.parametrize(
    ("row", "stops"),
    [
        ({"event": "bounce", "status": "5.0.0"}, True),
        ({"event": "bounce", "type": "bounce"}, True),
        ({"event": "bounce", "type": "blocked", "status": "5.7.1"}, False),
        ({"event": "bounce", "type": "expired"}, False),
        ({"event": "bounce", "status": "4.2.2"}, False),
        ({"event": "dropped", "reason": "Bounced Address"}, True),
        ({"event": "dropped", "reason": "Spam Content (if spam checker app enabled)"}, False),
        ({"event": "deferred"}, False),
        ({"event": "delivered"}, False),
    ],
)
def test_what_lasts_stops_the_address_and_what_passes_does_not(row, stops):
    assert sendgrid(**row).stops is stops


@pytest.mark.parametrize(
    ("row", "kind", "stops"),
    [
        ({"event": "failed", "severity": "permanent"}, "bounce", True),
        ({"event": "failed", "severity": "temporary"}, "deferred", False),
        (
            {"event": "failed", "severity": "permanent", "reason": "suppress-bounce"},
            "dropped",
            True,
        ),
        ({"event": "failed"}, "", False),
        ({"event": "rejected", "reason": "spam"}, "dropped", False),
        ({"event": "stored"}, "", False),
    ],
)
def test_mailgun_s_failures_are_told_apart(row, kind, stops):
    told = mailgun(**row)
    assert (told.kind, told.stops, bool(told.remedy)) == (kind, stops, kind == "")


def test_an_address_in_what_a_server_said_is_not_kept():
    assert sendgrid(event="bounce", reason="550 a@b.test is unknown").said == "550 … is unknown"


def test_an_event_whose_service_cannot_be_told_is_refused():
    assert told_of({"event": "open", "who": "a@b.test"}, 4).field == "row"
    assert told_of([], 4).field == "row"
    both = {**EVENT, **GUN}
    assert told_of(both, 1).field == "row"
    assert told_of(both, 1, "mailgun").kind == "delivered"


def test_files_are_lists_lines_or_pages_of_the_api(tmp_path):
    path = tmp_path / "events.json"

    def told(text):
        path.write_text(text)
        rows = [chunk.rows for chunk in read_file(path)]
        return [staged(tuple(row.values())) for table in rows for row in table.to_pylist()]

    assert [each.line for each in told(json.dumps([EVENT, GUN, 7]))] == [1, 2, 3]
    assert [each.kind for each in told(json.dumps({"items": [GUN]}))] == ["delivered"]
    lines = told(f"{json.dumps(EVENT)}\n\n{{broken\n{json.dumps(GUN)}\n")
    assert [(each.line, each.kind) for each in lines] == [(1, "open"), (3, ""), (4, "delivered")]
    assert told(json.dumps(EVENT))[0] == told_of(EVENT, 1)
    assert told("[]") == []
    for wrong in ("", "a,b\n1,2", "[" * 100_000):
        path.write_text(wrong)
        with pytest.raises(RegistryFileError):
            list(read_file(path))


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    ),
    st.sampled_from(
        ["event", "email", "timestamp", "recipient", "event-data", "message", "reason"]
    ),
    st.sampled_from(["", "sendgrid", "mailgun"]),
)
def test_whatever_is_told_is_read_or_refused_and_never_breaks(value, name, provider):
    told = told_of({**EVENT, name: value}, 1, provider)
    assert (told.remedy == "") == (told.address != "")
    assert len(told.key) == 32
    for each in (told.value, told.agent, told.said, told.message_id):
        each.encode()
        assert "\0" not in each


@given(st.binary(max_size=200))
def test_any_bytes_are_some_events_that_can_or_cannot_be_read(body):
    assert all(each.remedy for each in read_body(body, "sendgrid"))


def test_a_text_that_is_no_whole_unicode_is_mended():
    assert text_of(json.loads('"a\\ud800b"')) == "ab"
