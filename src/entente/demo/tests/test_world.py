"""The invented world: same bytes each time, read back by the readers as promised."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from entente.demo.world import generate_consents_for, write_consents_for, write_world
from entente.demo.world.people import invented_npis
from entente.directory.adapters.clinicians import read_clinicians
from entente.directory.adapters.consents import read_consents
from entente.directory.adapters.contacts import read_contacts
from entente.directory.adapters.hospitals import read_hospitals
from entente.directory.adapters.nppes import read_nppes
from entente.directory.adapters.nucc import read_nucc
from entente.directory.adapters.pharmacies import read_pharmacies
from entente.directory.adapters.products import read_products
from entente.directory.domain.professions import covered_recipient_type
from entente.foundation.domain.identifiers import npi_is_valid

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return write_world(tmp_path_factory.mktemp("world"), at=AT)


@pytest.fixture(scope="module")
def registry(world):
    (chunk,) = read_nppes(world.nppes)
    return chunk


def test_the_same_seed_and_moment_give_the_same_bytes(world, tmp_path):
    again = write_world(tmp_path, at=AT)
    for path in world.nppes.parent.iterdir():
        assert (again.nppes.parent / path.name).read_bytes() == path.read_bytes()


def test_another_seed_gives_other_people(world, tmp_path):
    other = write_world(tmp_path, at=AT, seed=1)
    assert other.nppes.read_bytes() != world.nppes.read_bytes()


def test_the_registry_is_read_with_the_refusals_it_promises(world, registry):
    assert registry.tables["hcps"].num_rows == world.n_hcps == 600
    assert registry.tables["hcos"].num_rows == world.n_hcos == 20
    assert registry.n_refused == world.n_refused == 3
    assert registry.tables["deactivations"].num_rows == 1
    assert not registry.blanked


def test_everybody_is_marked_as_invented(registry):
    for table in ("hcps", "hcos"):
        lines = registry.tables[table].column("address_line2").to_pylist()
        assert set(lines) == {"INVENTED FOR DEMONSTRATION"}
    assert all(npi.startswith("2") for npi in registry.rows.column("npi").to_pylist())


def test_the_world_holds_the_cases_that_rules_and_imports_need(registry):
    people = registry.rows.to_pylist()
    countries = Counter(p["country"] for p in people)
    assert set(countries) == {"US", "GB", "DE", "FR"} and countries["US"] > 500
    assert {p["state"] for p in people if p["country"] == "US"} == {"CT", "MA", "RI"}
    kinds = {covered_recipient_type(p["profession"], AT.date()) for p in people}
    assert kinds == {"physician", "non_physician_practitioner", "none"}
    assert any(not p["primary_flagged"] for p in people)
    assert any(p["deactivated_on"] and p["is_active"] for p in people)
    assert any(p["n_taxonomies"] > 1 for p in people)
    parts = [h for h in registry.tables["hcos"].to_pylist() if h["is_subpart"]]
    names = set(registry.tables["hcos"].column("name").to_pylist())
    assert len(parts) == 3 and {h["parent_name"] for h in parts} <= names


def test_every_code_in_use_is_in_the_taxonomy(world, registry):
    (taxonomy,) = read_nucc(world.taxonomy)
    known = set(taxonomy.rows.column("taxonomy_code").to_pylist())
    assert not taxonomy.refused
    assert set(registry.tables["taxonomies"].column("taxonomy_code").to_pylist()) <= known


def test_affiliations_lead_to_hospitals_of_the_world(world, registry):
    (clinicians,) = read_clinicians(world.clinicians)
    (hospitals,) = read_hospitals(world.hospitals)
    assert not clinicians.refused and not hospitals.refused
    affiliations = clinicians.tables["affiliations"]
    assert affiliations.num_rows == world.n_affiliations > 100
    ccns = set(hospitals.rows.column("value").to_pylist())
    assert set(affiliations.column("hospital_ccn").to_pylist()) == ccns
    npis = set(registry.rows.column("npi").to_pylist())
    assert set(affiliations.column("npi").to_pylist()) <= npis


def test_pharmacies_and_products_are_read_whole(world):
    (pharmacies,), (products,) = read_pharmacies(world.pharmacies), read_products(world.products)
    assert (pharmacies.rows.num_rows, pharmacies.n_refused) == (3, 0)
    assert (products.rows.num_rows, products.n_refused) == (5, 0)


def test_consents_are_granted_withdrawn_expired_unproven_and_missing(world):
    (chunk,) = read_consents(world.consents)
    assert not chunk.refused
    fates = Counter()
    for row in chunk.rows.to_pylist():
        expired = row["status"] == "granted" and row["expires_at"] <= AT
        fates["expired" if expired else row["status"]] += 1
    total = 600 * 2
    shares = {fate: count / total for fate, count in fates.items()}
    shares["missing"] = 1 - sum(shares.values())
    expected = {"granted": 0.55, "withdrawn": 0.1, "expired": 0.1, "none": 0.05, "missing": 0.2}
    assert shares == pytest.approx(expected, abs=0.05)
    assert len(chunk.blanked) == fates["none"]
    for row in chunk.rows.to_pylist():
        assert row["captured_at"] < AT
        assert row["withdrawn_at"] is None or row["captured_at"] < row["withdrawn_at"] < AT


def test_every_address_ends_in_test_and_is_that_of_the_consent(world):
    (contacts,), (consents,) = read_contacts(world.contacts), read_consents(world.consents)
    emails = {r["npi"]: r["email"] for r in contacts.rows.to_pylist()}
    assert len(emails) == len(set(emails.values())) == 600
    assert all(email.endswith(".test") for email in emails.values())
    assert all(emails[r["npi"]] == r["address"] for r in consents.rows.to_pylist())


def test_consents_for_imported_people_follow_seed_order_and_moment(tmp_path):
    npis = ["1234567893", "1558598797"] * 50
    options = {"controllers": ["Demo GmbH", "Demo Clinic"], "at": AT}
    first = generate_consents_for(npis, 5, **options)
    assert first.equals(generate_consents_for(npis, 5, **options))
    assert not first.equals(generate_consents_for(npis, 6, **options))
    assert not first.equals(
        generate_consents_for(npis, 5, **{**options, "at": AT + timedelta(days=1)})
    )
    assert set(first.column("controller").to_pylist()) == {"Demo GmbH", "Demo Clinic"}
    consents, contacts = write_consents_for(tmp_path, npis[:2], 5, **options)
    assert not any(c.refused for c in read_consents(consents))
    assert sum(c.rows.num_rows for c in read_contacts(contacts)) == 2


def test_invented_npis_differ_and_are_valid():
    npis = invented_npis(np.random.default_rng(3), 5000)
    assert len(set(npis)) == 5000
    assert all(npi_is_valid(npi) and npi.startswith("2") for npi in npis)
