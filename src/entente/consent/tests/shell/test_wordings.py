"""The words people are asked with: four eyes, one active each, frozen, shown on pages."""

from __future__ import annotations

import pytest
from django.db.utils import IntegrityError

from entente.consent import actions, reads
from entente.consent.actions import Shown
from entente.consent.models import Wording
from entente.directory.actions import add_legal_entity
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError

pytestmark = pytest.mark.feature("consent/consent")


def stage(at, version, **more):
    given = {"country": "US", "language": "en", "text": "May we?", "at": at}
    return actions.stage_wording(version=version, **given | more)


@pytest.mark.promise("P11")
def test_nobody_puts_into_use_what_he_wrote_himself(asked, cast, noon):
    with act_as(cast.scope(Role.STEWARD)):
        words = stage(noon, "US-1")
        with pytest.raises(UserError, match="Somebody else"):
            actions.activate_wording(words.id, at=noon)
    with act_as(cast.scope(Role.PRIVACY)):
        assert actions.activate_wording(words.id, at=noon).status == "active"


def test_one_wording_is_active_per_company_country_and_language(asked, noon):
    with act_as(asked.scope):
        sister = add_legal_entity(
            name="Halden Devices Inc", country="US", postal_address="2 Test Way", at=noon
        )
        for version, more in (
            ("one", {}),
            ("sister", {"controller_id": sister.id}),
            ("german", {"language": "de"}),
            ("two", {}),
        ):
            actions.activate_wording(stage(noon, version, **more).id, at=noon)
        states = dict(Wording.objects.values_list("version", "status"))
        assert states == {
            "one": "inactive", "sister": "active", "german": "active", "two": "active",
        }  # fmt: skip
        found = reads.active_wordings("US", "de")
        assert found[asked.controller_id].version == "german"
        assert found[sister.id].version == "sister"
        with pytest.raises(IntegrityError):
            Wording.objects.create(
                org_id=asked.scope.org_id, version="three", country="US", language="en",
                text="x", status="active", controller_id=sister.id,
            )  # fmt: skip


def test_what_words_show_is_known_or_refused_and_counts_their_captures(asked, cast, noon):
    with act_as(asked.scope):
        for wrong in (
            {"channels": ["pigeon"]},
            {"channels": []},
            {"purposes": ["selling"]},
            {"topics": [asked.hcp_id]},
            {"controllers": [asked.hcp_id]},
        ):
            with pytest.raises(UserError):
                stage(noon, "US-1", shown=Shown(**wrong))
        made = stage(noon, "US-1", shown=Shown(channels=["email"], purposes=["event"]))
        actions.capture_consent(
            hcp_id=asked.hcp_id, controller_id=asked.controller_id, channel="email",
            purpose="event", wording_version="US-1", source="web", method="web_form",
            proof_ref="log 1", captured_at=noon, at=noon,
        )  # fmt: skip
        assert reads.wording(made.id).n_captures == 1
    with act_as(cast.scope(Role.REPRESENTATIVE)), pytest.raises(OutOfScope):
        stage(noon, "US-2")
    with act_as(cast.system(cast.partner)):
        assert not Wording.objects.exists()


def test_words_are_written_by_one_and_put_into_use_by_another_on_the_pages(asked, cast, browser):
    steward, privacy = browser(Role.STEWARD), browser(Role.PRIVACY)
    form = {
        "version": "US-7", "controller_id": str(asked.controller_id), "country": "US",
        "language": "en", "text": "May we write to you?", "channels": ["email"],
        "purposes": ["promotion", "event"],
    }  # fmt: skip
    assert steward.post("/wordings/new/", form | {"channels": []}).status_code == 422
    made = steward.post("/wordings/new/", form)
    assert made.status_code == 302
    address = made["Location"]
    assert b"Somebody else puts these words into use" in steward.get(address).content
    steward.post(f"{address}activate/")
    assert b"Staged" in privacy.get(address).content
    privacy.post(f"{address}activate/")
    page = privacy.get(address).content.decode()
    assert "Events, Product information" in page
    assert "Active" in page
    assert "US-7" in privacy.get("/wordings/?status=active&country=us").content.decode()
    privacy.post(f"{address}retire/")
    assert b"Inactive" in privacy.get(address).content
    assert browser(Role.REPRESENTATIVE).get("/wordings/").status_code == 403


def test_topics_and_countries_are_set_on_the_page_of_words(asked, browser):
    client = browser(Role.PRIVACY)
    client.post("/wordings/topics/", {"name": "Heart failure"})
    page = client.get("/wordings/").content.decode()
    assert "Heart failure" in page
    rule = {"country": "DE", "channel": "email", "keeps_months": "24", "needs_confirmation": "on"}
    assert client.post("/wordings/countries/", rule).status_code == 302
    assert client.post("/wordings/countries/", rule | {"country": "XX"}).status_code == 422
    assert "24 months" in client.get("/wordings/").content.decode()
    retire = client.get("/wordings/").content.decode().split("/wordings/topics/")[1].split("/")[0]
    client.post(f"/wordings/topics/{retire}/retire/")
    assert "Heart failure" not in client.get("/wordings/").content.decode().split("Topics")[1]
