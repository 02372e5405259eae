"""A letter with a picture carries it along, so that reading it asks nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from entente.content import actions as content
from entente.content.actions import Words
from entente.engagement.actions import SendRequest, request_sends
from entente.engagement.actions.deliver_send import prepare
from entente.engagement.models import Send
from entente.engagement.tests.shell.conftest import ADDRESS, PASSWORD
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.models import OutboxMessage

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


@pytest.fixture
def illustrated(world, cast, noon):
    """The world with a version that shows a picture."""
    with act_as(cast.scope(Role.BRAND_LEAD)):
        item = content.draft_item(title="A curve", kind="educational", at=noon)
        made = content.save_version(
            item.id,
            Words(
                subject="A curve",
                html=f"<p>See.</p><img src='cid:curve.png' alt='A curve'><p>{ADDRESS}"
                " <a href='{{unsubscribe_url}}'>Stop</a></p>",
                text=f"See.\n{ADDRESS}\nStop: {{{{unsubscribe_url}}}}",
                markets=["US"], audiences=["hcp"], channels=["email"],
                expires_on=date(2027, 11, 20), support_statement="",
            ),
            at=noon,
        )  # fmt: skip
        content.attach_file(made.id, name="curve.png", description="Curve", data=PNG, at=noon)
        content.submit_for_review(made.id, at=noon)
    with act_as(cast.scope(Role.REVIEWER)):
        content.decide(made.id, verdict="approve", comment="", password=PASSWORD, at=noon)
    return replace(world, version=made.id)


@pytest.mark.parametrize("with_picture", [True, False])
def test_a_picture_is_a_part_of_the_letter_and_letters_without_one_stay_as_they_were(
    world, illustrated, cast, noon, with_picture
):
    at = noon + timedelta(hours=4)
    chosen = illustrated if with_picture else world
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        request_sends(
            [SendRequest(chosen.willing, chosen.version, chosen.entity, "education")], at=at
        )
        assert Send.objects.get().status == "queued"
    with act_as(cast.system()):
        message = OutboxMessage.objects.get(topic="engagement.send")
        letter = prepare(message, at).email.message()
    kinds = [part.get_content_type() for part in letter.walk()]
    if not with_picture:
        assert kinds == ["multipart/alternative", "text/plain", "text/html"]
        return
    assert kinds == [
        "multipart/related", "multipart/alternative", "text/plain", "text/html", "image/png",
    ]  # fmt: skip
    picture = list(letter.walk())[-1]
    assert picture["Content-ID"] == "<curve.png>"
    assert picture["Content-Disposition"].startswith("inline")
    assert picture.get_payload(decode=True) == PNG
    html = list(letter.walk())[3].get_payload(decode=True).decode()
    assert 'src="cid:curve.png"' in html
