"""Business contacts: each organisation's own, with authority, never patients."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, transaction

from entente.directory import actions
from entente.directory.models import Contact, ContactAddress
from entente.directory.reads import contacts as reads
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError

pytestmark = pytest.mark.feature("directory/contacts")

HEAD = (
    "key,family_name,given_name,kind,role,authority,employer,employer_system,employer_value,"
    "country,email,phone\n"
)


@pytest.fixture
def buyer(cast, noon):
    """A buyer at a hospital, whom only the host knows."""
    with act_as(cast.system()):
        hco = actions.add_hco(name="Cedar Hospital", country="US", kind="Hospital", at=noon)
        made = actions.add_contact(
            family_name="Quill", given_name="Ada", kind="buyer", role="Head of purchasing",
            authority="signs", employer_hco_id=hco.id, country="US", email="ada@cedar.test",
            at=noon,
        )  # fmt: skip
    return made, hco


def test_a_patient_is_never_a_person_record(cast, noon, tmp_path):
    with act_as(cast.system()):
        for kind, role in (("patient", ""), ("Patient", ""), ("other", "patient"), ("carer", "")):
            with pytest.raises(UserError, match="never kept as persons"):
                actions.add_contact(family_name="X", kind=kind, role=role, country="US", at=noon)
        path, refused = tmp_path / "c.csv", tmp_path / "r.csv"
        path.write_text(HEAD + "1,X,,patient,,,,,,US,,\n2,Y,,buyer,,,,,,US,,\n", encoding="utf-8")
        counts = actions.import_business_contacts(path, at=noon, refused_path=refused)
        assert (counts.new, counts.refused) == (1, 1)
        assert "never kept as persons" in refused.read_text(encoding="utf-8")
        made = Contact.objects.get()
        with pytest.raises(IntegrityError), transaction.atomic():
            Contact.objects.filter(id=made.id).update(kind="patient")


def test_a_new_address_ends_the_one_before_and_leaving_ends_all(cast, buyer, noon):
    made, _ = buyer
    with act_as(cast.system()):
        actions.add_contact_address(made.id, channel="email", value="quill@cedar.test", at=noon)
        assert [a.to_on for a in reads.addresses_of(made.id)] == [None, noon.date()]
        with pytest.raises(UserError, match="one address"):
            actions.add_contact_address(made.id, channel="email", value="a@b, c@d", at=noon)
        actions.end_contact(made.id, on=noon.date(), at=noon)
        assert not ContactAddress.objects.filter(to_on=None).exists()
        assert not reads.narrowed_contacts({}).exists()
        assert reads.narrowed_contacts({"ended": "yes"}).exists()


def test_a_contact_is_changed_field_by_field(cast, buyer, noon):
    made, _ = buyer
    with act_as(cast.system()):
        actions.change_contact(made.id, {"role": "Director"}, at=noon)
        assert reads.search_contacts("director")[0].employer == "Cedar Hospital"
        with pytest.raises(UserError, match="no field"):
            actions.change_contact(made.id, {"org_id": 1}, at=noon)
        with pytest.raises(UserError, match="never kept"):
            actions.change_contact(made.id, {"kind": "patient"}, at=noon)
        with pytest.raises(UserError, match="one employer"):
            actions.change_contact(made.id, {"employer_organisation_id": cast.partner.id}, at=noon)


@pytest.mark.promise("P1")
def test_no_other_organisation_finds_a_contact(cast, buyer, client):
    made, hco = buyer
    client.force_login(cast.user(Role.PARTNER_MARKETER, cast.partner))
    for address in ("/contacts/", f"/hcos/{hco.id}/", "/search/?q=quill", "/contacts/?q=quill"):
        assert "Ada Quill" not in client.get(address).content.decode(), address
    assert client.get(f"/contacts/{made.id}/").status_code == 404
    assert client.get(f"/api/directory/contacts/{made.id}").status_code == 404
    client.force_login(cast.user(Role.FINANCE))
    assert client.get("/contacts/").status_code == 403


def test_a_file_is_loaded_once_and_a_changed_row_changes_its_contact(cast, buyer, noon, tmp_path):
    _, hco = buyer
    path = tmp_path / "contacts.csv"
    rows = [f"7,Reed,Bo,payer_staff,Reviewer,recommends,,entente,{hco.value},us,bo@x.test,",
            "8,Stone,,executive,,,Acme,,,GB,,+44 1"]  # fmt: skip
    with act_as(cast.system()):
        path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
        first = actions.import_business_contacts(path, at=noon)
        again = actions.import_business_contacts(path, at=noon)
        path.write_text(
            HEAD + "\n".join(rows).replace("bo@x", "reed@x") + "\n8,Stone,,pope,,,,,,GB,,\n",
            encoding="utf-8",
        )
        third = actions.import_business_contacts(path, at=noon)
        assert (first.new, again.unchanged, third.changed, third.refused) == (2, 2, 1, 1)
        bo = Contact.objects.get(source_key="7")
        assert bo.employer_hco_id == hco.id
        current = ContactAddress.objects.get(contact=bo, channel="email", to_on=None)
        assert current.value == "reed@x.test"
        assert reads.search_contacts("acme")[0].family_name == "Stone"


def test_contacts_are_entered_found_changed_and_ended_on_pages(cast, buyer, client):
    made, hco = buyer
    client.force_login(cast.user(Role.STEWARD))
    assert "Head of purchasing" in client.get("/contacts/?q=quill").content.decode()
    assert "Nobody fits" in client.get("/contacts/?q=nobody").content.decode()
    assert "ada@cedar.test" in client.get(f"/contacts/{made.id}/").content.decode()
    assert "Ada Quill" in client.get(f"/hcos/{hco.id}/").content.decode()
    given = {"family_name": "Marsh", "kind": "executive", "authority": "signs", "country": "us",
             "organisation": str(cast.partner.id), "email": "m@n.test"}  # fmt: skip
    assert client.post("/contacts/new/", given).status_code == 302
    assert "Marsh" in client.get(f"/organisations/{cast.partner.id}/").content.decode()
    assert client.post("/contacts/new/", given | {"kind": "patient"}).status_code == 422
    wrong = client.post("/contacts/new/", given | {"country": "zq"})
    assert wrong.status_code == 422 and "two capitals" in wrong.content.decode()
    at = f"/contacts/{made.id}/"
    changed = {"family_name": "Quill", "kind": "buyer", "authority": "informs", "country": "US"}
    assert client.post(at + "change/", changed).status_code == 302
    assert client.post(at + "reach/", {"channel": "phone", "value": "123"}).status_code == 302
    assert "Informs" in client.get(at).content.decode()
    assert client.post(at + "end/").status_code == 302
    assert "Former contact" in client.get(at).content.decode()
    assert client.get("/contacts/?export=csv").status_code == 200


def test_a_program_keeps_contacts(cast, buyer, client):
    _, hco = buyer
    client.force_login(cast.user(Role.ALLIANCE_MANAGER))

    def send(method, address, body):
        call = getattr(client, method)
        return call("/api/directory" + address, json.dumps(body), content_type="application/json")

    given = {"family_name": "Reed", "kind": "buyer", "country": "US",
             "employer_hco_id": str(hco.id)}  # fmt: skip
    made = send("post", "/contacts", given)
    assert made.status_code == 201 and made.json()["employer"] == "Cedar Hospital"
    refused = send("post", "/contacts", given | {"kind": "patient"})
    assert refused.status_code == 422 and "never kept" in refused.content.decode()
    at = f"/contacts/{made.json()['id']}"
    assert send("patch", at, {"authority": "signs"}).json()["authority"] == "signs"
    assert send("post", at + "/addresses", {"channel": "phone", "value": "1"}).status_code == 201
    assert len(client.get("/api/directory" + at + "/addresses").json()) == 1
    assert send("post", at + "/end", {}).status_code == 204
    assert len(client.get("/api/directory/contacts?ended=yes").json()["items"]) == 1
