"""The platform's own import files: consents, addresses, products."""

from datetime import UTC, date, datetime

import pytest

from entente.directory.adapters.consents import read_consents
from entente.directory.adapters.contacts import read_contacts
from entente.directory.adapters.products import read_products

GOOD = "1234567893"
GRANT = {
    "npi": GOOD,
    "controller": "Demo GmbH",
    "channel": "email",
    "purpose": "brand_promotion",
    "status": "granted",
    "captured_at": "2026-03-01T09:30:00+01:00",
    "proof_ref": "form/1",
}


@pytest.fixture
def read(tmp_path):
    def read(reader, row):
        path = tmp_path / "file.csv"
        path.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
        (chunk,) = reader(path)
        return chunk

    return read


def test_a_grant_with_proof_is_granted_at_its_moment(read):
    (row,) = read(read_consents, GRANT).rows.to_pylist()
    assert row["status"] == "granted"
    assert row["captured_at"] == datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


def test_a_grant_without_proof_is_none_and_said_so(read):
    chunk = read(read_consents, {**GRANT, "proof_ref": ""})
    assert chunk.rows.column("status").to_pylist() == ["none"]
    assert [(r.line, r.field) for r in chunk.blanked] == [(2, "proof_ref")]
    assert not chunk.refused


def test_a_withdrawal_without_proof_still_counts(read):
    row = {**GRANT, "status": "Withdrawn", "proof_ref": "", "withdrawn_at": "2026-04-01"}
    (taken,) = read(read_consents, row).rows.to_pylist()
    assert taken["status"] == "withdrawn"
    assert taken["withdrawn_at"] == datetime(2026, 4, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"npi": "1234567890"}, "npi"),
        ({"controller": ""}, "controller"),
        ({"channel": "pigeon"}, "channel"),
        ({"channel": ""}, "channel"),
        ({"purpose": ""}, "purpose"),
        ({"status": "maybe"}, "status"),
        ({"captured_at": ""}, "captured_at"),
        ({"captured_at": "2026-03-01T09:30:00"}, "captured_at"),
        ({"captured_at": "yesterday"}, "captured_at"),
        ({"expires_at": "2026-02-01"}, "expires_at"),
        ({"withdrawn_at": "2026-04-01"}, "status"),
        ({"status": "withdrawn", "withdrawn_at": "2025-01-01"}, "withdrawn_at"),
        ({"address": "Tavia <t@clinic.test>"}, "address"),
    ],
)
def test_a_doubtful_permission_is_refused(read, change, field):
    chunk = read(read_consents, {**GRANT, **change})
    assert [r.field for r in chunk.refused] == [field]
    assert chunk.rows.num_rows == 0


def test_a_withdrawal_needs_a_moment(read):
    chunk = read(read_consents, {**GRANT, "status": "withdrawn", "captured_at": ""})
    assert chunk.n_refused == 1


def test_an_address_file_keeps_the_local_part_and_folds_the_domain(read):
    chunk = read(read_contacts, {"npi": GOOD, "email": "M.Testwell@Clinic.TEST"})
    assert chunk.rows.column("email").to_pylist() == ["M.Testwell@clinic.test"]


@pytest.mark.parametrize("email", ["", "a", "a@b", "a@b..test", ".a@b.test", "a@b.test;c@d.test"])
def test_what_is_no_address_is_refused(read, email):
    assert read(read_contacts, {"npi": GOOD, "email": email}).n_refused == 1


def test_a_product_is_approved_per_country_and_day(read):
    row = {"product": "Examplivo", "country": "us", "approved_on": "2020-02-29", "kind": "Medicine"}
    (product,) = read(read_products, row).rows.to_pylist()
    assert (product["country"], product["approved_on"]) == ("US", date(2020, 2, 29))
    assert product["kind"] == "medicine" and product["indication"] is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"product": ""}, "product"),
        ({"country": "UK"}, "country"),
        ({"approved_on": ""}, "approved_on"),
        ({"approved_on": "2021-02-29"}, "approved_on"),
        ({"kind": "potion"}, "kind"),
        ({"ended_on": "2019-01-01"}, "ended_on"),
    ],
)
def test_a_faulty_product_is_refused(read, change, field):
    row = {"product": "Examplivo", "country": "US", "approved_on": "2020-02-29"}
    assert [r.field for r in read(read_products, {**row, **change}).refused] == [field]
