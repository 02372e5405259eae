"""Which source a field is from, and which holds when two differ."""

from __future__ import annotations

import csv
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from entente.directory import actions
from entente.directory.actions import Terms
from entente.directory.adapters.fhir_out import export_fhir
from entente.directory.domain.sources import KNOWN, known_as
from entente.directory.models import FieldValue, Hcp
from entente.directory.reads.provenance import provenance, withheld
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from tests.registry_rows import npi_of, person

pytestmark = pytest.mark.feature("directory/identity")
CITY = "HARTFORD"
NUMBERS = count(5000)
COLUMNS = ("NPI", "Provider Last Name", "Provider First Name", "Cred", "pri_spec", "adr_ln_1",
           "City/Town", "State", "ZIP Code", "Telephone Number")  # fmt: skip


@pytest.fixture
def clinicians(tmp_path):
    """Write rows as a Care Compare file of clinicians."""

    def write(*rows):
        path = tmp_path / "clinicians.csv"
        with path.open("w", newline="") as stream:
            writer = csv.DictWriter(stream, COLUMNS)
            writer.writeheader()
            for number, changes in rows:
                row = dict.fromkeys(COLUMNS, "") | {
                    "NPI": npi_of(number), "Provider Last Name": f"TESTWELL{number}",
                    "Provider First Name": "MARA", "Cred": "MD", "City/Town": CITY, "State": "CT",
                    "ZIP Code": "06105",
                }  # fmt: skip
                writer.writerow(row | changes)
        return path

    return write


def held(number=1):
    return Hcp.objects.get(npi=npi_of(number))


def fields(number=1):
    return {each.name: each for each in provenance(held(number))}


def believe(key, at, *, trust, bar_bp=10_000, **more):
    actions.describe_source(
        key, Terms(trust=trust, licence="Own", allows="public", bar_bp=bar_bp, **more), at=at
    )


def test_a_registry_alone_needs_no_row_for_any_field(cast, noon, nppes):
    with act_as(cast.system()):
        actions.import_nppes(nppes([person(n) for n in range(50)]), at=noon)
        changed = [person(n, city="AVON", updated="01/02/2026") for n in range(50)]
        assert actions.import_nppes(nppes(changed), at=noon).changed == 50
        assert not FieldValue.objects.exists()
        found = fields()["city"]
        assert (found.held.value, found.held.source.key, found.others) == ("AVON", "nppes", [])
        assert (found.held.verified_on.isoformat(), found.allows) == ("2026-01-02", "public")


def test_what_a_less_trusted_source_says_is_kept_beside_and_does_not_hold(
    cast, noon, nppes, clinicians
):
    with act_as(cast.system()):
        actions.import_nppes(nppes([person(1)]), at=noon)
        actions.import_affiliations(clinicians((1, {"City/Town": "AVON"})), at=noon)
        assert held().city == CITY
        (other,) = fields()["city"].others
        assert (other.value, other.source.key) == ("AVON", "clinicians")
        assert set(FieldValue.objects.values_list("field", flat=True)) == {"city"}, (
            "points, case and a longer ZIP are no difference"
        )


def test_a_more_trusted_source_takes_the_field_and_the_other_value_stays_known(
    cast, noon, nppes, clinicians
):
    with act_as(cast.system()):
        believe("clinicians", noon, trust=70, field_trust={"city": 95})
        actions.import_nppes(nppes([person(1)]), at=noon)
        row = {"City/Town": "AVON", "Provider First Name": "MARIE"}
        actions.import_affiliations(clinicians((1, row)), at=noon)
        assert (held().city, held().given_name) == ("AVON", "MARA")
        assert "avon" in held().search_text
        found = fields()
        assert (found["city"].held.source.key, found["city"].others[0].value) == (
            "clinicians",
            CITY,
        )
        newer = person(1, city="DANBURY", updated="01/02/2026")
        actions.import_nppes(nppes([newer]), at=noon + timedelta(days=1))
        assert held().city == "AVON"
        found = fields()["city"]
        assert found.others[0].value == "DANBURY"
        assert [each.value for each in found.former] == [CITY]


def test_a_registry_that_comes_later_takes_over_what_the_list_brought(
    cast, noon, nppes, clinicians
):
    with act_as(cast.system()):
        actions.import_affiliations(clinicians((1, {"City/Town": "AVON"})), at=noon)
        assert held().source == "clinicians"
        actions.import_nppes(nppes([person(1)]), at=noon)
        assert (held().city, held().source) == (CITY, "nppes")
        found = fields()["city"]
        assert (found.held.source.key, found.others[0].value) == ("nppes", "AVON")


def test_a_field_that_one_source_lacks_is_filled_from_the_other_and_says_so(
    cast, noon, nppes, clinicians
):
    with act_as(cast.system()):
        actions.import_nppes(nppes([person(1)]), at=noon)
        actions.import_affiliations(clinicians((1, {"Telephone Number": "8605551234"})), at=noon)
        assert held().phone
        assert fields()["phone"].held.source.key == "clinicians"
        newer = person(1, last="NEWNAME", updated="01/02/2026")
        actions.import_nppes(nppes([newer]), at=noon)
        assert held().phone, "a registry that says nothing takes nothing away"
        assert held().family_name == "NEWNAME"


def test_an_address_is_taken_as_a_whole(cast, noon, nppes, clinicians):
    with act_as(cast.system()):
        actions.import_nppes(nppes([person(1)]), at=noon)
        row = {"adr_ln_1": "9 OTHER ST", "City/Town": "BOSTON", "State": "MA", "ZIP Code": "02110"}
        actions.import_affiliations(clinicians((1, row)), at=noon)
        assert (held().address_line, held().city) == ("", CITY)
        believe("clinicians", noon, trust=95)
        actions.import_affiliations(clinicians((1, row)), at=noon)
        assert (held().address_line, held().city, held().us_state) == (
            "9 OTHER ST", "BOSTON", "MA",
        )  # fmt: skip


def test_of_equal_trust_the_value_verified_later_holds(cast, noon, nppes, clinicians):
    with act_as(cast.system()):
        believe("clinicians", noon, trust=90)
        actions.import_affiliations(clinicians((1, {"City/Town": "AVON"})), at=noon)
        actions.import_nppes(nppes([person(1)]), at=noon)
        assert held().city == CITY, "the registry names a day, the list none"
        actions.import_affiliations(clinicians((1, {"City/Town": "AVON"})), at=noon)
        assert held().city == CITY


def test_a_source_below_its_bar_is_believed_least(cast, noon, nppes, clinicians):
    with act_as(cast.system()):
        bad = [person(1000 + n, npi="1234567890") for n in range(10)]
        actions.import_nppes(nppes([person(n) for n in range(40)] + bad), at=noon)
        actions.import_affiliations(clinicians((1, {"City/Town": "AVON"})), at=noon)
        assert held().city == CITY
        believe("nppes", noon, trust=90, bar_bp=1000)
        actions.import_affiliations(clinicians((1, {"City/Town": "AVON"})), at=noon)
        assert held().city == "AVON"


def test_the_same_files_again_change_nothing(cast, noon, nppes, clinicians):
    row = {"City/Town": "AVON", "Telephone Number": "8605551234"}
    with act_as(cast.system()):
        actions.import_nppes(nppes([person(1), person(2)]), at=noon)
        actions.import_affiliations(clinicians((1, row)), at=noon)
        before = list(Hcp.objects.order_by("id").values())
        rows = list(FieldValue.objects.order_by("id").values())
        actions.import_affiliations(clinicians((1, row)), at=noon + timedelta(days=9))
        actions.import_nppes(nppes([person(1), person(2)]), at=noon + timedelta(days=9))
        assert list(Hcp.objects.order_by("id").values()) == before
        assert list(FieldValue.objects.order_by("id").values()) == rows


loads = st.lists(
    st.tuples(st.sampled_from(["nppes", "clinicians"]), st.sampled_from(["ANN", "BEA", "CLEO"])),
    min_size=1, max_size=7,
)  # fmt: skip


@given(told=loads, registry_leads=st.booleans())
@example(told=[("clinicians", "ANN"), ("clinicians", "BEA")], registry_leads=False)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_the_order_of_files_the_most_trusted_source_that_spoke_last_holds(
    cast, noon, nppes, clinicians, told, registry_leads
):
    number, said = next(NUMBERS), {}
    with act_as(cast.system()):
        believe("clinicians", noon, trust=70 if registry_leads else 95)
        for day, (source, name) in enumerate(told):
            at = noon + timedelta(days=day)
            said[source] = name
            if source == "nppes":
                row = person(number, first=name, updated=f"01/{day + 1:02}/2026")
                actions.import_nppes(nppes([row]), at=at)
            else:
                row = {"Provider First Name": name}
                actions.import_affiliations(clinicians((number, row)), at=at)
        leader = "nppes" if registry_leads else "clinicians"
        expected = said.get(leader) or next(iter(said.values()))
        assert held(number).given_name == expected, (told, registry_leads)
        found = fields(number)["given_name"]
        assert (found.held.value, found.held.source.key) == (
            expected,
            leader if leader in said else next(iter(said)),
        )
        assert all(each.value != expected for each in found.others)


@pytest.fixture
def bought(cast, noon, nppes):
    """Two people of the registry, whose city the licence keeps inside the company."""
    with act_as(cast.system()):
        believe("nppes", noon, trust=90, field_allows={"city": "internal"})
        actions.import_nppes(nppes([person(1), person(2)]), at=noon)
        return held()


@pytest.mark.promise("P1")
def test_a_partner_gets_no_field_that_its_licence_keeps_inside(
    cast, noon, bought, browser, program, tmp_path
):
    theirs = browser(Role.PARTNER_MARKETER, cast.partner)
    api = program(Role.PARTNER_MARKETER, cast.partner)
    root = "/api/directory"
    doors = [
        theirs.get("/hcps/"), theirs.get(f"/hcps/{bought.id}/"), theirs.get("/hcps/?export=csv"),
        theirs.get("/search?q=testwell1"), api.get(f"{root}/hcps"),
        api.get(f"{root}/hcps/{bought.id}"), api.get(f"{root}/fhir?type=Practitioner"),
        api.get(f"{root}/fhir/Practitioner/{bought.id}"),
    ]  # fmt: skip
    for door in doors:
        words = door.content.decode().lower()
        assert door.status_code in (200, 302), door.request["PATH_INFO"]
        assert "hartford" not in words, door.request["PATH_INFO"]
    assert "testwell1" in doors[0].content.decode().lower(), "what may be seen is seen"
    own = browser(Role.STEWARD).get(f"/hcps/{bought.id}/").content.decode()
    assert "Hartford" in own
    with act_as(cast.system(cast.partner)):
        out = tmp_path / "directory.ndjson"
        export_fhir(out, at=noon)
        assert "hartford" not in out.read_text().lower()
    with act_as(cast.system()):
        assert held().city == CITY, "nothing of it is ever written"


def test_the_persons_page_and_a_program_say_where_each_field_is_from(
    cast, noon, nppes, clinicians, browser, program
):
    with act_as(cast.system()):
        actions.import_nppes(nppes([person(1)]), at=noon)
        actions.import_affiliations(clinicians((1, {"City/Town": "AVON"})), at=noon)
        hcp_id = held().id
    page = browser(Role.REPRESENTATIVE).get(f"/hcps/{hcp_id}/").content.decode()
    assert "Sources differ about: city." in page
    assert "AVON" in page and "Care Compare clinicians" in page and "2016" in page
    address = f"/api/directory/hcps/{hcp_id}/provenance"
    told = {each["name"]: each for each in program(Role.STEWARD).get(address).json()}
    assert told["city"]["held"]["source"] == "nppes"
    assert told["city"]["others"][0]["value"] == "AVON"
    assert told["city"]["allows"] == "public"
    theirs = program(Role.PARTNER_SELLER, cast.partner)
    assert theirs.get(address).status_code == 404
    shown = browser(Role.PARTNER_SELLER, cast.partner).get(f"/hcps/{hcp_id}/").content.decode()
    assert "Where each field is from" not in shown


@pytest.mark.promise("P1")
def test_a_source_of_unknown_licence_is_withheld_whole_and_says_so(cast, noon, bought, browser):
    with act_as(cast.system()):
        Hcp.objects.filter(id=bought.id).update(source="bought list")
    page = browser(Role.PARTNER_SELLER, cast.partner).get(f"/hcps/{bought.id}/").content.decode()
    assert "Name withheld by its licence" in page
    assert "Testwell1" not in page


def test_what_is_usual_of_sources_is_the_same_in_the_database(cast, noon):
    with act_as(cast.system()):
        for key in [*KNOWN, "bought list"]:
            Hcp.objects.filter(npi=npi_of(77)).delete()
            made = actions.add_hcp(family_name="X", country="US", npi=npi_of(77), at=noon)
            Hcp.objects.filter(id=made.id).update(source=key)
            is_kept = "city" in withheld([made.id]).get(made.id, ())
            assert is_kept == (known_as(key).allows == "internal"), key
