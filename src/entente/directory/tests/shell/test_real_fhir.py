"""Published FHIR examples: each is read or refused with the right reason, and only once."""

from __future__ import annotations

from pathlib import Path

import pytest

from entente.directory import actions
from entente.directory.adapters.fhir_out import export_fhir, resource_of
from entente.directory.domain.fhir_json import read_json
from entente.directory.domain.fhir_types import KIND_REMEDY, PATIENT_REMEDY
from entente.directory.models import Affiliation, FhirResource, Hco, Hcp, SourceLoad
from entente.directory.reads.fhir import fhir_held_by_id
from entente.foundation.access.scope import act_as
from entente.foundation.models import LedgerEntry

DATA = Path(__file__).resolve().parents[6] / "shared" / "data" / "fhir-r4"
EXAMPLES = sorted([*DATA.glob("hl7-examples/*.json"), *DATA.glob("us-core-examples/*.json")])
EVERY = [
    *EXAMPLES,
    DATA / "synthea" / "hospitalInformation.json.gz",
    DATA / "synthea" / "practitionerInformation.json.gz",
]
pytestmark = [
    pytest.mark.skipif(
        not DATA.is_dir(), reason="the public data folder ../shared/data is not there"
    ),
    pytest.mark.feature("directory/integration"),
]


def test_synthea_hospitals_and_practitioners_load_and_a_second_time_change_nothing(cast, noon):
    hospitals = DATA / "synthea" / "hospitalInformation.json.gz"
    people = DATA / "synthea" / "practitionerInformation.json.gz"
    with act_as(cast.system()):
        first = actions.import_fhir(hospitals, at=noon)
        assert (first.new, first.refused, first.notes) == (171, 0, {})
        second = actions.import_fhir(people, at=noon)
        assert (second.new, second.refused, second.notes) == (170, 0, {})
        assert (Hco.objects.count(), Hcp.objects.count()) == (85, 85)
        assert Affiliation.objects.count() == 85
        assert FhirResource.objects.count() == 341
        for path, n in ((hospitals, 171), (people, 170)):
            again = actions.import_fhir(path, at=noon)
            assert (again.new, again.changed, again.unchanged) == (0, 0, n)


def test_what_is_written_out_is_known_again_when_it_comes_back(cast, noon, tmp_path):
    out = tmp_path / "all.ndjson.gz"
    with act_as(cast.system()):
        for path in EVERY:
            actions.import_fhir(path, at=noon)
        counts = export_fhir(out, at=noon)
        before = list(Hcp.objects.order_by("id").values())
        back = actions.import_fhir(out, at=noon)
        assert (back.new, back.changed, back.refused) == (0, 0, 0)
        assert back.unchanged == sum(counts.values()) > 340
        assert list(Hcp.objects.order_by("id").values()) == before


def test_every_example_is_read_or_refused_with_the_right_reason_and_never_twice(cast, noon):
    taken: dict[str, int] = {}
    with act_as(cast.system()):
        for path in EXAMPLES:
            done = actions.import_fhir(path, at=noon)
            kind = path.name.split("-")[0]
            taken[kind] = taken.get(kind, 0) + done.new + done.changed
            again = actions.import_fhir(path, at=noon)
            assert (again.new, again.changed) == (0, 0), path.name
        reasons = {
            (each["field"], each["remedy"])
            for load in SourceLoad.objects.all()
            for each in load.refusals
        }
    for kind in ("Practitioner", "PractitionerRole", "Organization", "OrganizationAffiliation",
                 "Location"):  # fmt: skip
        assert taken[kind] == len([p for p in EXAMPLES if p.name.split("-")[0] == kind]), kind
    for kind in ("Person", "Group", "Communication", "Contract", "Provenance", "AuditEvent"):
        assert taken[kind] == 0
        assert (kind, PATIENT_REMEDY) in reasons
    for kind in ("Endpoint", "HealthcareService", "InsurancePlan"):
        assert (kind, KIND_REMEDY) in reasons


def test_two_people_under_one_number_are_not_made_one(cast, noon):
    folder = DATA / "us-core-examples"
    with act_as(cast.system()):
        assert actions.import_fhir(folder / "practitioner-2.json", at=noon).new == 1
        other = actions.import_fhir(folder / "practitioner-3.json", at=noon)
        assert (other.new, other.changed, other.refused) == (0, 0, 1)
        assert Hcp.objects.get(npi="1245319599").family_name == "Kathy"


@pytest.mark.feature("directory/data-quality")
def test_of_a_patients_bundle_nothing_about_the_patient_is_kept(cast, noon, tmp_path):
    refused = tmp_path / "refused.csv"
    with act_as(cast.system()):
        done = actions.import_fhir(
            DATA / "synthea" / "patient_Clemente_Kreiger.json.gz", at=noon, refused_path=refused
        )
        assert (done.read, done.new, done.refused) == (70, 1, 69)
        assert not Hcp.objects.exists()
        assert FhirResource.objects.get().resource_type == "Organization"
        load, entry = SourceLoad.objects.get(), LedgerEntry.objects.latest("seq")
    told = refused.read_text() + str(load.refusals) + entry.body
    assert "Kreiger" not in told
    assert "Kami" not in told
    assert "Practitioner.identifier,520," in refused.read_text()
    assert "520" not in str(load.refusals)


def test_elements_that_are_not_known_come_out_as_they_came_in(cast, noon):
    with act_as(cast.system()):
        for path in EXAMPLES:
            actions.import_fhir(path, at=noon)
        for kept in FhirResource.objects.all():
            subject = {"Practitioner": kept.hcp_id, "Organization": kept.hco_id}.get(
                kept.resource_type
            )
            if subject is None:
                continue
            (held,) = fhir_held_by_id(kept.resource_type, [subject])
            given, received = resource_of(held), read_json(kept.body)
            for element, value in received.items():
                if isinstance(value, list):
                    # What the directory knows more may be added.
                    assert all(each in given[element] for each in value), kept.logical_id
                elif element not in ("id", "text"):
                    assert given[element] == value, (kept.logical_id, element)
