"""Pages, operations and commands of data sharing: the whole way, and who may go it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from entente.consent.models import PartnerList, ShareContract
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from tests.cast import PASSWORD
from tests.sharing import OPENING, Parties, npis, register_people

pytestmark = [
    pytest.mark.feature("consent/data-share-contract"),
    pytest.mark.feature("alliances/audience-share"),
]


@pytest.fixture
def parties(cast):
    """The host and Northlake today, and a registry of 300 people."""
    with act_as(cast.system()):
        register_people(cast.host.id, range(1, 300))
    return Parties(cast, datetime.now(UTC))


def upload(numbers, *, bad=0):
    rows = ["npi,name,state", *(f"{n},Dr {n},CT" for n in numbers), *(["123,X,CT"] * bad)]
    return SimpleUploadedFile("accounts.csv", "\n".join(rows).encode(), content_type="text/csv")


def post(client, page, *ids, **given):
    return client.post(reverse(f"consent:{page}", args=ids), given)


FORM = {
    "name": "Follow-up overlap", "purpose": "Joint education", "breakdown": "specialty",
    "fields_open": ["npi", "name"], "min_cell": "11", "from_on": "2026-01-01",
    "to_on": "2027-12-31", "data_licence": "own records", "legal_basis": "legitimate_interest",
    "deidentification": "none", "agreement_ref": "charter 1",
}  # fmt: skip


def test_the_whole_way_on_pages_from_draft_to_persons_to_the_end(parties, browser, cast):
    ours, theirs = browser(Role.PRIVACY), browser(Role.PARTNER_ADMINISTRATOR, cast.partner)
    given = FORM | {"partner": str(cast.partner.id)}
    wrong = post(ours, "share_add", **given | {"min_cell": "5"})
    assert wrong.status_code == 422
    assert "11 or more" in wrong.content.decode()
    post(ours, "share_add", **given)
    with act_as(parties.privacy):
        made = ShareContract.objects.get()
    assert theirs.get(reverse("consent:share", args=[made.id])).status_code == 404
    post(ours, "share_propose", made.id)
    for client in (ours, theirs):
        page = client.get(reverse("consent:share", args=[made.id])).content.decode()
        controller = re.search(r'<option value="([0-9a-f-]{36})"', page)[1]
        assert post(client, "share_sign", made.id, password="no", controller_id=controller
                    ).status_code == 422  # fmt: skip
        post(client, "share_sign", made.id, password=PASSWORD, controller_id=controller)
    for client, numbers in ((ours, npis(1, 150)), (theirs, npis(80, 290))):
        loaded = post(client, "share_list_add", name="Accounts", file=upload(numbers),
                      data_licence="own", licensed_fields=["npi", "name"])  # fmt: skip
        assert loaded.status_code == 302
        page = client.get(reverse("consent:share", args=[made.id])).content.decode()
        list_id = re.search(r'<option value="([0-9a-f-]{36})"', page)[1]
        post(client, "share_offer", made.id, list_id=list_id)
    compared = post(theirs, "share_compare", made.id)
    for client in (ours, theirs):
        seen = client.get(compared.url)
        assert seen.context["told"]["total"] == 70
        assert "Cardiology" in seen.content.decode()
    people = ours.get(compared.url + "people/")
    assert people.content.decode().count('<th scope="row">') == 70
    assert "70 persons" in theirs.get(reverse("consent:share", args=[made.id])).content.decode()
    post(theirs, "share_end", made.id, reason="Enough")
    for address in (compared.url, compared.url + "people/"):
        assert ours.get(address).status_code == 404
        assert theirs.get(address).status_code == 404


def test_rows_that_cannot_be_compared_are_shown_and_the_others_loaded(parties, browser):
    client = browser(Role.STEWARD)
    answer = post(client, "share_list_add", name="Accounts", file=upload(npis(1, 40), bad=2),
                  data_licence="own")  # fmt: skip
    assert answer.status_code == 200
    assert answer.content.decode().count("Check the number") == 2
    with act_as(parties.privacy):
        assert PartnerList.objects.get().n_entries == 39
    nothing = post(client, "share_list_add", name="Accounts", data_licence="own",
                   file=SimpleUploadedFile("x.csv", b"city\nHartford\n"))  # fmt: skip
    assert nothing.status_code == 422
    assert "IMPORT-001: x.csv" in nothing.content.decode()


def test_a_list_is_taken_from_the_directory(parties, browser):
    client = browser(Role.STEWARD)
    assert post(client, "share_list_add", directory_name="Cardio", specialty="Cardiology"
                ).status_code == 302  # fmt: skip
    assert post(client, "share_list_add", directory_name="X", specialty="Nope").status_code == 422
    with act_as(parties.privacy):
        assert PartnerList.objects.get().n_entries == 99


def test_who_reads_counts_sees_no_person_and_a_third_party_sees_nothing(parties, browser, cast):
    made = parties.contract(OPENING)
    found = parties.compare(made.id, parties.load(0, npis(1, 150)), parties.load(1, npis(80, 290)))
    address = reverse("consent:overlap", args=[found.id])
    for role, organisation in (
        (Role.ALLIANCE_MANAGER, cast.host),
        (Role.PARTNER_MARKETER, cast.partner),
    ):
        client = browser(role, organisation)
        assert client.get(address).status_code == 200
        assert client.get(address + "people/").status_code == 403
    stranger = browser(Role.PARTNER_ADMINISTRATOR, cast.stranger)
    assert stranger.get(address).status_code == 404
    assert stranger.get(reverse("consent:share", args=[made.id])).status_code == 404


def send(client, address, body=None):
    return client.post(f"/api/consent/shares{address}", json.dumps(body or {}),
                       content_type="application/json")  # fmt: skip


def test_a_program_goes_the_whole_way(parties, program, cast):
    ours = program(Role.PRIVACY)
    theirs = program(Role.PARTNER_ADMINISTRATOR, cast.partner)
    terms = {
        "partner_id": str(cast.partner.id), "name": "API", "purpose": "p", "from_on": "2026-01-01",
        "to_on": "2027-12-31", "data_licence": "own", "agreement_ref": "x", "breakdown": "state",
        "fields": ["npi"], "legal_basis": "public_source", "deidentification": "none",
    }  # fmt: skip
    assert send(ours, "/contracts", terms | {"min_cell": 10}).status_code == 422
    assert send(ours, "/contracts", terms | {"org_id": "x"}).status_code == 422
    assert send(theirs, "/contracts", terms).status_code == 403
    made = send(ours, "/contracts", terms).json()
    assert made["state"] == "draft"
    one = f"/contracts/{made['id']}"
    assert theirs.get(f"/api/consent/shares{one}").status_code == 404
    send(ours, f"{one}/propose")
    for client in (ours, theirs):
        assert send(client, f"{one}/sign", {"password": "no"}).status_code == 403
        signed = send(client, f"{one}/sign", {"password": PASSWORD}).json()
    assert signed["state"] == "in_force"
    for client, numbers in ((ours, npis(1, 150)), (theirs, npis(80, 290))):
        body = {"name": "L", "data_licence": "own", "entries": [{"npi": n} for n in numbers]}
        loaded = send(client, "/lists", body)
        assert (loaded.status_code, loaded.json()["n_entries"]) == (201, len(numbers))
        offered = send(client, f"{one}/offer", {"list_id": loaded.json()["id"]})
        assert offered.status_code == 200
    assert [side["has_offered"] for side in offered.json()["sides"]] == [True, True]
    told = send(ours, f"{one}/compare")
    assert (told.status_code, told.json()["total"]) == (201, 70)
    assert theirs.get(f"/api/consent/shares/overlaps/{told.json()['id']}").json() == told.json()
    people = ours.get(f"/api/consent/shares/overlaps/{told.json()['id']}/people?limit=10").json()
    assert [p["npi"] for p in people] == sorted(npis(80, 150))[:10]
    read = theirs.get(f"/api/consent/shares{one}/reads").json()
    assert read[0]["n_persons"] == 10
    assert send(theirs, f"{one}/end", {"reason": "over"}).json()["state"] == "ended"
    assert ours.get(f"/api/consent/shares{one}/overlaps").json() == []
