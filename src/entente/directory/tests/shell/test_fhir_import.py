"""Loading FHIR files: who is meant, what changes, what is left alone, and what comes out."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entente.directory import actions
from entente.directory.adapters.fhir_out import export_fhir
from entente.directory.models import (
    Affiliation,
    FhirResource,
    Hco,
    HcoIdentifier,
    Hcp,
    HcpIdentifier,
    SourceLoad,
)
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.models import LedgerEntry
from tests.registry_rows import npi_of, person

NPI_SYSTEM = "http://hl7.org/fhir/sid/us-npi"
NUCC = "http://nucc.org/provider-taxonomy"
pytestmark = pytest.mark.feature("directory/integration")


def doctor(number=1, **changes):
    return {
        "resourceType": "Practitioner",
        "id": f"p{number}",
        "identifier": [{"system": NPI_SYSTEM, "value": npi_of(number)}],
        "active": True,
        "name": [{"family": f"Testwell{number}", "given": ["Mara"], "suffix": ["MD"]}],
        "address": [{"use": "work", "city": "Hartford", "state": "CT", "country": "US"}],
    } | changes


def clinic(number=1, **changes):
    return {
        "resourceType": "Organization",
        "id": f"o{number}",
        "identifier": [{"system": "https://registry.test/organisations", "value": f"C-{number}"}],
        "name": f"Clinic {number}",
        "type": [{"text": "Clinic"}],
    } | changes


def role(number=1, *, at=1, **changes):
    return {
        "resourceType": "PractitionerRole",
        "id": f"r{number}",
        "practitioner": {"reference": f"Practitioner/p{number}"},
        "organization": {"reference": f"Organization/o{at}"},
        "code": [{"text": "Consultant"}],
        "specialty": [{"coding": [{"system": NUCC, "code": "207RC0000X"}]}],
        "period": {"start": "2024"},
    } | changes


@pytest.fixture
def load(cast, noon, tmp_path):
    """Load resources as a Bundle, or with ``lines`` one per line, and give the counts."""

    def run(*resources, lines=False, scope=None, at=noon, **options):
        path = tmp_path / ("in.ndjson" if lines else "in.json")
        entries = [each if "resource" in each else {"resource": each} for each in resources]
        if lines:
            path.write_text("\n".join(json.dumps(each) for each in resources))
        else:
            made = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
            path.write_text(json.dumps(made))
        with act_as(scope or cast.system()):
            return actions.import_fhir(path, at=at, **options)

    return run


def fates(done):
    return done.new, done.changed, done.unchanged, done.refused


def test_people_places_and_roles_come_in_once(load, cast):
    everything = [role(), doctor(), clinic()]
    assert fates(load(*everything, dry_run=True)) == (3, 0, 0, 0)
    with act_as(cast.system()):
        assert not Hcp.objects.exists()
        assert not LedgerEntry.objects.filter(verb="directory.file.loaded").exists()
    assert fates(load(*everything)) == (3, 0, 0, 0)
    with act_as(cast.system()):
        found, works = Hcp.objects.get(), Affiliation.objects.get()
        assert (found.npi, found.identity_status, found.source) == (npi_of(1), "unverified", "fhir")
        assert (found.licence_active, found.profession) == (None, "physician")
        assert (found.taxonomy_code, found.time_zone) == ("207RC0000X", "America/New_York")
        assert (works.role, works.from_on, works.to_on) == ("Consultant", date(2024, 1, 1), None)
        assert Hco.objects.get().system == "https://registry.test/organisations"
        entry = LedgerEntry.objects.filter(verb="directory.file.loaded").latest("seq")
        assert '"new":3' in entry.body
        assert "Testwell" not in entry.body
    assert fates(load(*everything)) == (0, 0, 3, 0)
    assert fates(load(*everything, lines=True)) == (0, 0, 3, 0)


def test_a_change_changes_and_the_same_again_does_not(load, cast):
    load(doctor(), clinic())
    moved = doctor(address=[{"use": "work", "city": "Avon", "state": "CT", "country": "US"}])
    assert fates(load(moved, clinic(name="Clinic renamed"))) == (0, 2, 0, 0)
    assert fates(load(moved, clinic(name="Clinic renamed"))) == (0, 0, 2, 0)
    with act_as(cast.system()):
        assert (Hcp.objects.get().city, Hco.objects.get().name) == ("Avon", "Clinic renamed")


def test_what_another_registry_says_stays_and_gaps_are_filled(load, cast, noon, nppes):
    with act_as(cast.system()):
        actions.import_nppes(nppes([person(1, city="")]), at=noon)
    said = doctor(name=[{"family": "Testwell1", "given": ["Other"], "prefix": ["Dr."]}])
    assert fates(load(said)) == (0, 1, 0, 0)
    with act_as(cast.system()):
        found = Hcp.objects.get()
        assert (found.given_name, found.prefix, found.city) == ("MARA", "Dr.", "Hartford")
        assert (found.identity_status, found.source) == ("verified", "nppes")
    assert fates(load(said)) == (0, 0, 1, 0)


def test_somebody_without_an_npi_is_known_again_by_any_identifier(load, cast):
    dutch = doctor(identifier=[{"system": "urn:oid:2.16.528.1.1007.3.1", "value": "730291637"}])
    more = doctor(
        id="elsewhere",
        identifier=[{"system": "urn:big", "value": "7"}, *dutch["identifier"]],
        gender="female",
    )
    assert load(dutch).new == 1
    assert fates(load(more)) == (0, 1, 0, 0)
    with act_as(cast.system()):
        assert Hcp.objects.get().npi is None
        assert HcpIdentifier.objects.count() == 2
    only = doctor(id="third", identifier=[{"system": "urn:big", "value": "7"}])
    load(only)
    numbered = doctor(identifier=[*doctor()["identifier"], *dutch["identifier"]])
    load(numbered)
    with act_as(cast.system()):
        assert Hcp.objects.get().npi == npi_of(1)


@pytest.mark.feature("directory/identity")
def test_a_number_of_somebody_else_makes_two_people_no_one(load, cast, tmp_path):
    shared = {"system": "urn:staff", "value": "9"}
    load(doctor(1, identifier=[*doctor(1)["identifier"], shared]))
    refused = tmp_path / "refused.csv"
    other = doctor(2, identifier=[*doctor(2)["identifier"], shared])
    assert fates(load(other, refused_path=refused)) == (0, 0, 0, 1)
    stranger = doctor(1, name=[{"family": "Quite", "given": ["Different"]}])
    assert fates(load(stranger, refused_path=refused)) == (0, 0, 0, 1)
    with refused.open() as stream:
        (row,) = csv.DictReader(stream)
    assert (row["line"], row["field"]) == ("1", "Practitioner.identifier")
    assert "another name" in row["remedy"]
    with act_as(cast.system()):
        assert Hcp.objects.get().family_name == "Testwell1"
    married = doctor(1, name=[{"family": "Newname", "given": ["Mara"]}])
    assert load(married).changed == 1


@pytest.mark.feature("directory/data-quality")
def test_what_stands_twice_is_taken_once_the_last(load, cast):
    done = load(doctor(), doctor(id="again", gender="female"))
    assert fates(done) == (1, 0, 0, 1)
    with act_as(cast.system()):
        assert FhirResource.objects.get().logical_id == "again"
        (reason,) = SourceLoad.objects.get().refusals
        assert reason["lines"] == [1]


def test_a_conditional_create_makes_nothing_that_is_there(load, cast):
    def entry(**changes):
        condition = f"identifier={NPI_SYSTEM}|{npi_of(1)}"
        return {
            "fullUrl": "urn:uuid:6e8e68b5-6275-339c-be0c-19f71249dfa0",
            "resource": doctor(**changes),
            "request": {"method": "POST", "url": "Practitioner", "ifNoneExist": condition},
        }

    assert load(entry()).new == 1
    assert load(entry(id="other-id", gender="female")).new == 0
    with act_as(cast.system()):
        assert Hcp.objects.count() == 1
    unnumbered = entry(identifier=[{"system": "urn:x", "value": "1"}])
    unnumbered["request"]["ifNoneExist"] = "identifier=urn:cond|77"
    unnumbered["resource"]["name"] = [{"family": "Cond"}]
    assert load(unnumbered).new == 1
    with act_as(cast.system()):
        assert HcpIdentifier.objects.filter(system="urn:cond", value="77").exists()


@pytest.mark.parametrize(
    "reference",
    [
        {"reference": "Organization/o1"},
        {"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"},
        {"reference": "https://a.test/fhir/Organization/o1/_history/4"},
        {"reference": "Organization?identifier=https://registry.test/organisations|C-1"},
        {"identifier": {"system": "https://registry.test/organisations", "value": "C-1"}},
    ],
)
def test_a_reference_is_followed_in_every_form_within_a_file(load, cast, reference):
    url = "urn:uuid:00000000-0000-4000-8000-000000000001"
    if "https://a.test" in reference.get("reference", ""):
        url = "https://a.test/fhir/Organization/o1"
    done = load(doctor(), {"fullUrl": url, "resource": clinic()}, role(organization=reference))
    assert (fates(done), done.notes) == ((3, 0, 0, 0), {})
    with act_as(cast.system()):
        assert Affiliation.objects.count() == 1


def test_a_reference_into_the_void_is_kept_counted_and_followed_when_it_can_be(load, cast):
    done = load(doctor(), role())
    assert fates(done) == (2, 0, 0, 0)
    assert done.notes == {"references_not_resolved": 1, "roles_kept_without_affiliation": 1}
    with act_as(cast.system()):
        assert not Affiliation.objects.exists()
        kept = FhirResource.objects.get(resource_type="PractitionerRole")
        assert json.loads(kept.body) == role()
    assert load(role()).unchanged == 1
    load(clinic())
    assert fates(load(role())) == (0, 1, 0, 0)
    assert fates(load(role())) == (0, 0, 1, 0)
    with act_as(cast.system()):
        assert Affiliation.objects.count() == 1


def test_a_role_that_is_over_ends(load, cast, noon):
    load(doctor(), clinic(), role())
    load(role(active=False))
    with act_as(cast.system()):
        assert Affiliation.objects.get().to_on == noon.date()
    load(role(period={"start": "2024", "end": "2025-06"}))
    with act_as(cast.system()):
        assert Affiliation.objects.get().to_on == date(2025, 6, 30)


def test_an_inactive_person_is_inactive_and_comes_back(load, cast):
    load(doctor(active=False))
    with act_as(cast.system()):
        assert Hcp.objects.get().identity_status == "inactive"
    load(doctor())
    with act_as(cast.system()):
        assert Hcp.objects.get().identity_status == "unverified"


def test_places_and_networks_are_kept_with_their_organisation(load, cast):
    place = {"resourceType": "Location", "id": "l1", "name": "Wing",
             "managingOrganization": {"reference": "Organization/o1"}}  # fmt: skip
    network = {"resourceType": "OrganizationAffiliation", "id": "a1",
               "participatingOrganization": {"reference": "Organization/o1"}}  # fmt: skip
    assert fates(load(clinic(), place, network)) == (3, 0, 0, 0)
    assert fates(load(clinic(), place, network)) == (0, 0, 3, 0)
    with act_as(cast.system()):
        hco = Hco.objects.get()
        assert FhirResource.objects.filter(hco=hco).count() == 3


def test_our_own_export_comes_back_unchanged_whatever_the_source(load, cast, noon, nppes, tmp_path):
    with act_as(cast.system()):
        actions.import_nppes(nppes([person(n) for n in range(1, 4)]), at=noon)
        hand = actions.add_hcp(family_name="Handmade", country="DE", at=noon)
        hospital = actions.add_hco(name="Klinik", country="DE", kind="Hospital", at=noon)
        actions.affiliate(hand.id, hospital.id, role="Chief", from_on=noon.date(), at=noon)
    load(doctor(1, gender="female"), doctor(9), clinic(), role(9),
         {"resourceType": "Location", "id": "l1", "managingOrganization": {"reference": "Organization/o1"}},
         {"resourceType": "Practitioner", "id": "short", "name": [{"text": "Dr. Only Text"}]})  # fmt: skip
    for name in ("all.ndjson", "all.ndjson.gz"):
        path = tmp_path / name
        with act_as(cast.system()):
            counts = export_fhir(path, at=noon)
            assert counts == {
                "Practitioner": 6, "PractitionerRole": 2, "Organization": 2,
                "OrganizationAffiliation": 0, "Location": 1,
            }  # fmt: skip
            entry = LedgerEntry.objects.filter(verb="directory.fhir.exported").latest("seq")
            assert '"Practitioner":6' in entry.body
            before = [list(m.objects.order_by("id").values()) for m in (Hcp, Hco, Affiliation)]
            back = actions.import_fhir(path, at=noon + timedelta(days=1))
            assert fates(back) == (0, 0, 11, 0)
            after = [list(m.objects.order_by("id").values()) for m in (Hcp, Hco, Affiliation)]
            assert after == before


def test_an_export_that_fails_leaves_no_half_file(cast, noon, tmp_path, monkeypatch, load):
    load(doctor())
    monkeypatch.setattr("entente.directory.adapters.fhir_out.write_json", lambda _: 1 / 0)
    with act_as(cast.system()), pytest.raises(ZeroDivisionError):
        export_fhir(tmp_path / "out.ndjson", at=noon)
    assert list(tmp_path.glob("out*")) == []


def test_a_program_reads_resources_and_pages(load, cast, client):
    load(*[doctor(n, birthDate="1970-01-01") for n in range(1, 6)], clinic(), role())
    client.force_login(cast.user(Role.REPRESENTATIVE))
    seen, address = [], "/api/directory/fhir?type=Practitioner&limit=2"
    while address:
        answer = client.get(address)
        assert answer["Content-Type"].startswith("application/fhir+json")
        page = answer.json()
        assert (page["resourceType"], page["type"]) == ("Bundle", "searchset")
        seen += [each["resource"] for each in page["entry"]]
        links = {each["relation"]: each["url"] for each in page["link"]}
        address = links.get("next")
    assert len(seen) == 5
    one = client.get(page["entry"][0]["fullUrl"]).json()
    assert one == page["entry"][0]["resource"]
    assert one["birthDate"] == "1970-01-01"
    held = client.get("/api/directory/fhir?type=PractitionerRole").json()["entry"][0]["resource"]
    assert held["practitioner"]["reference"].startswith("Practitioner/0")
    assert client.get("/api/directory/fhir?type=Patient").status_code == 404
    assert client.get(f"/api/directory/fhir/Patient/{one['id']}").status_code == 404
    assert client.get(f"/api/directory/fhir/Organization/{one['id']}").status_code == 404
    assert client.get("/api/directory/fhir").status_code == 422
    client.force_login(cast.user(Role.FINANCE))
    assert client.get("/api/directory/fhir?type=Practitioner").status_code == 403


@pytest.mark.promise("P1")
def test_a_partner_sees_the_public_part_and_not_what_was_received(load, cast, client, noon):
    load(doctor(birthDate="1970-01-01"), clinic(), role())
    client.force_login(cast.user(Role.PARTNER_MARKETER, cast.partner))
    (entry,) = client.get("/api/directory/fhir?type=Practitioner").json()["entry"]
    assert "Testwell1" not in json.dumps(entry), "nobody has said that its licence allows it"
    with act_as(cast.system()):
        public = actions.Terms(trust=60, licence="Published", allows="partners", bar_bp=10_000)
        actions.describe_source("fhir", public, at=noon)
    (entry,) = client.get("/api/directory/fhir?type=Practitioner").json()["entry"]
    assert entry["resource"]["name"][0]["family"] == "Testwell1"
    assert "birthDate" not in entry["resource"]
    theirs = load(
        doctor(gender="female"), clinic(name="Taken over"), role(active=False),
        scope=cast.system(cast.partner),
    )  # fmt: skip
    assert theirs.notes["kept_by_another_organisation"] == 2
    with act_as(cast.system()):
        assert Hco.objects.get().name == "Clinic 1"
        assert Affiliation.objects.get().to_on is None
        assert FhirResource.objects.count() == 3


@pytest.mark.feature("directory/identity")
def test_identifiers_of_organisations_in_registries_meet(load, cast):
    ccn = {"system": "urn:oid:2.16.840.1.113883.4.336", "value": "220001"}
    load(clinic(identifier=[ccn, {"system": NPI_SYSTEM, "value": npi_of(5)}]))
    with act_as(cast.system()):
        assert (Hco.objects.get().system, Hco.objects.get().value) == ("npi", npi_of(5))
        assert HcoIdentifier.objects.filter(system="ccn", value="220001").exists()
    assert load(clinic(id="x", identifier=[ccn], alias=["Other"])).new == 0


def test_many_are_loaded_with_as_many_queries_as_few(load, cast):
    def queries(first, n):
        with CaptureQueriesContext(connection) as seen:
            load(*[doctor(k) for k in range(first, first + n)], *[clinic(k) for k in range(first, first + n)],
                 *[role(k, at=k) for k in range(first, first + n)])  # fmt: skip
        return len(seen)

    assert queries(100, 3) == queries(1_000, 500)


@pytest.mark.promise("P21")
def test_a_name_that_looks_like_sql_or_csv_is_only_a_name(load, cast):
    odd = "O\"Neil'; DROP TABLE x; --,\n\\N"
    load(doctor(name=[{"family": odd}]), clinic(name=odd, alias=["\\.", ""]))
    with act_as(cast.system()):
        assert Hcp.objects.get().family_name == " ".join(odd.split())
        assert Hco.objects.get().name == " ".join(odd.split())


def test_pages_name_identifiers_in_words_and_show_no_key_of_our_own(load, cast, client):
    uzi = {"system": "urn:oid:2.16.528.1.1007.3.1", "value": "730291637"}
    load(doctor(identifier=[uzi]), clinic(), clinic(2, identifier=[]), role())
    client.force_login(cast.user(Role.STEWARD))
    with act_as(cast.system()):
        person_page = f"/hcps/{Hcp.objects.get().id}/"
        place_page = f"/hcos/{Hco.objects.get(name='Clinic 2').id}/"
    shown = client.get(person_page).content.decode()
    assert "UZI (NL)" in shown
    assert "730291637" in shown
    assert "Known from a FHIR file" in shown
    listed = client.get("/hcos/").content.decode()
    assert "registry.test/organisations" in listed
    assert "urn:entente" not in listed + client.get(place_page).content.decode()
