"""Permissions as FHIR Consents: out, back in, and those of patients left out."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from entente.consent import actions, reads
from entente.consent.domain.fhir_consent import Question, decide
from entente.consent.models import Capture, Withdrawal
from entente.directory.models import SourceLoad
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.models import LedgerEntry

DATA = Path(__file__).resolve().parents[6] / "shared" / "data" / "fhir-r4" / "hl7-examples"
GIVEN = datetime(2026, 3, 1, 9, tzinfo=UTC)
pytestmark = pytest.mark.feature("consent/consent")


def concept(system, code):
    return {"coding": [{"system": system, "code": code}]}


def consent(asked, **changes):
    """Give the Consent of another system, by NPI and the name of the legal entity."""
    npi = {"system": "http://hl7.org/fhir/sid/us-npi", "value": asked.hcp_npi}
    return {
        "resourceType": "Consent",
        "id": "c1",
        "status": "active",
        "scope": {"text": "Contact"},
        "dateTime": "2026-03-01T09:00:00Z",
        "performer": [{"type": "Practitioner", "identifier": npi}],
        "organization": [{"display": "halden pharma inc"}],
        "sourceAttachment": {"url": "https://forms.test/17"},
        "policyRule": concept("v3", "OPTIN"),
        "provision": {
            "period": {"end": "2027-03-01"},
            "action": [concept("urn:entente:channel", "email")],
            "purpose": [{"system": "urn:entente:purpose", "code": "education"}],
        },
    } | changes


@pytest.fixture
def load(asked, noon, tmp_path):
    """Load resources, one per line, and give the counts."""

    def run(*resources, at=noon, **options):
        path = tmp_path / "consents.ndjson"
        path.write_text("\n".join(json.dumps(each) for each in resources))
        with act_as(asked.scope):
            return actions.import_fhir(path, at=at, **options)

    return run


def state(asked, noon, channel="email", purpose="education"):
    with act_as(asked.scope):
        return reads.state_as_of(asked.hcp_id, asked.controller_id, channel, purpose, noon)


def test_a_consent_with_proof_is_a_permission_and_a_second_load_changes_nothing(asked, load, noon):
    assert load(consent(asked), dry_run=True).new == 1
    assert state(asked, noon).status == "none"
    assert load(consent(asked)).new == 1
    found = state(asked, noon)
    assert (found.status, found.proof_ref) == ("granted", "https://forms.test/17")
    assert (found.captured_at, found.expires_on) == (GIVEN, date(2027, 3, 1))
    again = load(consent(asked))
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)


def test_a_consent_without_proof_is_kept_and_permits_nothing(asked, load, noon):
    titled = consent(asked, sourceAttachment={"title": "The terms"})
    done = load(titled)
    assert (done.new, done.notes["without_proof"]) == (1, 1)
    assert state(asked, noon).status == "none"
    with act_as(asked.scope):
        assert Capture.objects.get().proof_ref == ""


@pytest.mark.parametrize(
    "proof",
    [
        {"sourceReference": {"reference": "DocumentReference/9"}},
        {"sourceReference": {"identifier": {"system": "urn:x", "value": "form 9"}}},
        {"policy": [{"uri": "https://forms.test/9"}]},
    ],
)
def test_a_proof_may_be_a_document_a_number_or_an_address(asked, load, noon, proof):
    bare = {k: v for k, v in consent(asked).items() if k != "sourceAttachment"}
    load(bare | proof)
    assert state(asked, noon).status == "granted"


@pytest.mark.parametrize("status", ["inactive", "rejected", "entered-in-error"])
def test_a_consent_that_ended_takes_the_permission_back(asked, load, noon, status):
    load(consent(asked))
    ended = consent(asked, status=status, meta={"lastUpdated": "2026-05-01T00:00:00Z"})
    assert load(ended).new == 1
    assert state(asked, noon).status == "withdrawn"
    assert load(ended).unchanged == 1
    assert load(consent(asked)).unchanged == 1
    assert state(asked, noon).status == "withdrawn"


def test_an_opt_out_withdraws_for_all_that_it_does_not_limit(asked, load, noon):
    load(consent(asked))
    out = consent(
        asked, id="c2", dateTime="2026-06-01T00:00:00Z", policyRule=concept("v3", "OPTOUT"),
        provision={},
    )  # fmt: skip
    assert load(out).new == 1
    with act_as(asked.scope):
        gone = Withdrawal.objects.get()
    assert (gone.channel, gone.purpose) == ("any", "")
    assert state(asked, noon).status == "withdrawn"


@pytest.mark.parametrize(
    ("changes", "element"),
    [
        ({"status": "proposed"}, "status"),
        ({"status": "unheard-of"}, "status"),
        ({"performer": []}, "performer"),
        ({"performer": [{"reference": "Practitioner/unknown"}]}, "performer"),
        ({"organization": [{"display": "Somebody else Ltd"}]}, "organization"),
        ({"organization": []}, "organization"),
        ({"policyRule": {"text": "as the law says"}}, "policyRule"),
        ({"dateTime": "2026"}, "dateTime"),
        ({"dateTime": "2030-01-01T00:00:00Z"}, "dateTime"),
        ({"provision": {"purpose": [{"system": "urn:entente:purpose", "code": "event"}]}},
         "provision.action"),
        ({"provision": {"action": [concept("urn:entente:channel", "pigeon")]}}, "provision.action"),
        ({"provision": {"action": [concept("urn:entente:channel", "email")]}}, "provision.purpose"),
        ({"provision": {"action": "email"}}, "provision"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_as_it_is_meant_is_refused_with_the_element(
    asked, load, noon, changes, element
):
    done = load(consent(asked, **changes))
    assert (done.new, done.refused) == (0, 1)
    with act_as(asked.scope):
        (reason,) = SourceLoad.objects.latest("loaded_at").refusals
        assert not Capture.objects.exists()
    assert reason["field"] == f"Consent.{element}"
    assert reason["remedy"]


def test_a_permission_narrower_than_can_be_kept_is_not_taken_for_a_wider_one(asked, load, noon):
    rule = consent(asked)["provision"]
    for limit in (
        {"class": [{"code": "x"}]},
        {"provision": [{"type": "deny"}]},
        {"actor": [{"reference": {"reference": "Organization/somebody-else"}}]},
    ):
        assert load(consent(asked, provision=rule | limit)).refused == 1
    assert state(asked, noon).status == "none"


def capture(asked, noon, **changes):
    given = {
        "hcp_id": asked.hcp_id, "controller_id": asked.controller_id, "channel": "email",
        "purpose": "education", "wording_version": "EU 3/a", "source": "congress",
        "method": "form", "proof_ref": "form 17", "captured_at": GIVEN, "at": noon,
    } | changes  # fmt: skip
    return actions.capture_consent(**given)


@pytest.fixture
def varied(asked, noon, product_id):
    """A person with permissions of every kind, withdrawals and none."""
    with act_as(asked.scope):
        capture(asked, noon, address="m.testwell@clinic.test", expires_on=date(2027, 1, 1))
        capture(asked, noon, channel="phone", purpose="promotion", product_id=product_id)
        capture(asked, noon, channel="sms", needs_confirmation=True)
        capture(asked, noon, channel="post", purpose="event")
        actions.withdraw_consent(
            hcp_id=asked.hcp_id, controller_id=asked.controller_id, channel="post",
            source="staff", at=noon, withdrawn_at=noon - timedelta(days=3),
        )  # fmt: skip
    return asked


def exported(asked, noon):
    with act_as(asked.scope):
        return reads.fhir_consents(asked.hcp_id, noon)


def test_what_is_written_out_says_what_the_platform_says(varied, noon):
    resources = exported(varied, noon)
    assert len(resources) == 5
    actor = f"Organization/{varied.controller_id}"
    for channel, purpose in (("email", "education"), ("email", "event"), ("phone", "education"),
                             ("sms", "education"), ("post", "event")):  # fmt: skip
        asked = Question(actor, channel, noon, {"purpose": {purpose}})
        permits = "permit" in {decide(each, asked).outcome for each in resources}
        assert permits == (state(varied, noon, channel, purpose).status == "granted"), channel


def test_what_is_written_out_is_known_again_when_it_comes_back(varied, load, noon):
    resources = exported(varied, noon)
    back = load(*resources)
    assert (back.new, back.changed, back.unchanged, back.refused) == (0, 0, 5, 0)
    revoked = [each | {"status": "inactive"} for each in resources if each["status"] == "active"]
    assert load(*revoked).new >= 1
    assert state(varied, noon).status == "withdrawn"


def test_reading_them_out_is_kept_in_the_ledger_and_needs_the_right_to_read(
    varied, noon, client, cast
):
    client.force_login(cast.user(Role.PRIVACY))
    answer = client.get(f"/api/consent/fhir?hcp_id={varied.hcp_id}")
    assert answer["Content-Type"].startswith("application/fhir+json")
    assert answer.json()["total"] == 5
    with act_as(varied.scope):
        entry = LedgerEntry.objects.filter(verb="consent.fhir.read").latest("seq")
        assert entry.object_id == varied.hcp_id
    client.force_login(cast.user(Role.FINANCE))
    assert client.get(f"/api/consent/fhir?hcp_id={varied.hcp_id}").status_code == 403
    client.force_login(cast.user(Role.PRIVACY))
    assert client.get(f"/api/consent/fhir?hcp_id={cast.host.id}").status_code == 404


def test_another_organisation_reads_none_of_them(varied, noon, client, cast):
    client.force_login(cast.user(Role.PARTNER_MARKETER, cast.partner))
    assert client.get(f"/api/consent/fhir?hcp_id={varied.hcp_id}").json()["total"] == 0


def test_a_consent_can_be_decided_by_a_program_and_nothing_is_kept(asked, client, cast):
    client.force_login(cast.user(Role.PRIVACY))
    given = {
        "consent": consent(asked), "actor": "Organization/x", "action": "email",
        "at": "2026-06-01T00:00:00Z", "about": {"purpose": ["education"]},
    }  # fmt: skip
    answer = client.post(
        "/api/consent/fhir/decide", json.dumps(given), content_type="application/json"
    )
    assert answer.json()["outcome"] == "permit"
    with act_as(asked.scope):
        assert not Capture.objects.exists()


def test_whoever_may_load_registries_only_loads_no_consents(asked, cast, noon, tmp_path):
    path = tmp_path / "consent.json"
    path.write_text(json.dumps(consent(asked)))
    steward = cast.scope(Role.STEWARD)
    object.__setattr__(steward, "may", steward.may - {"consent.import"})
    with pytest.raises(OutOfScope), act_as(steward):
        actions.import_fhir(path, at=noon)
    with act_as(asked.scope):
        assert not Capture.objects.exists()


@pytest.mark.skipif(not DATA.is_dir(), reason="the public data folder ../shared/data is not there")
@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("basic", "not_in_force"), ("Out", "deny"), ("notOrg", "deny"), ("notThem", "unknown"),
        ("signature", "not_in_force"), ("grantor", "deny"),
    ],
)  # fmt: skip
def test_a_patients_consent_is_read_decided_and_left_out(asked, noon, name, verdict):
    path = DATA / f"Consent-consent-example-{name}.json"
    with act_as(asked.scope):
        done = actions.import_fhir(path, at=noon)
        (reason,) = SourceLoad.objects.get().refusals
        assert not Capture.objects.exists()
    assert (done.new, done.refused, done.notes) == (0, 1, {f"patient_consents_{verdict}": 1})
    assert "patient" in reason["remedy"]
    assert "Heuvel" not in json.dumps(reason)
