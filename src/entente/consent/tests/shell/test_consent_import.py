"""Loading permissions that another system recorded."""

from __future__ import annotations

import csv
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entente.consent import actions, reads
from entente.consent.models import Capture, Withdrawal
from entente.directory.actions import import_nppes
from entente.directory.models import LegalEntity
from entente.foundation.access.scope import act_as
from tests.registry_rows import WIDE, npi_of, person

HEAD = ("npi", "controller", "channel", "address", "purpose", "product", "status",
        "captured_at", "source", "wording_version", "proof_ref", "expires_at",
        "withdrawn_at", "reason")  # fmt: skip


@pytest.fixture
def write(tmp_path):
    def file(rows):
        path = tmp_path / "consents.csv"
        with path.open("w", newline="") as stream:
            writer = csv.DictWriter(stream, HEAD)
            writer.writeheader()
            writer.writerows(rows)
        return path

    return file


def row(npi, **changes):
    return {
        "npi": npi,
        "controller": "halden pharma inc",
        "channel": "email",
        "purpose": "promotion",
        "status": "granted",
        "captured_at": "2026-03-01T09:00:00Z",
        "proof_ref": "form 1",
    } | changes


@pytest.mark.feature("directory/integration")
@pytest.mark.feature("consent/consent")
def test_a_file_of_permissions_is_loaded_once_and_its_faults_are_named(
    asked, product_id, noon, write, tmp_path
):
    npi = asked.hcp_npi
    path = write(
        [
            row(npi, expires_at="2026-12-31"),
            row(npi, purpose="education", proof_ref=""),
            row(npi, purpose="medical", status="withdrawn", withdrawn_at="2026-05-01T00:00:00Z"),
            row(npi, purpose="event", product="testolol"),
            row(npi_of(99)),
            row(npi, controller="Somebody Else Inc"),
            row(npi, purpose="selling"),
            row(npi, channel="phone", captured_at="2027-01-01T00:00:00Z"),
        ]
    )
    refused = tmp_path / "refused.csv"
    with act_as(asked.scope):
        dry = actions.import_consents(path, at=noon, dry_run=True)
        assert not Capture.objects.exists()
        done = actions.import_consents(path, at=noon, refused_path=refused)
        assert (dry.new, dry.refused) == (done.new, done.refused) == (4, 4)
        assert done.notes["without_proof"] == 1
        again = actions.import_consents(path, at=noon)
        assert (again.new, again.unchanged, again.refused) == (0, 4, 4)
        assert (Capture.objects.count(), Withdrawal.objects.count()) == (4, 1)
        found = {
            purpose: reads.state_as_of(
                asked.hcp_id, asked.controller_id, "email", purpose, noon
            ).status
            for purpose in ("promotion", "education", "medical", "event")
        }
        before = reads.state_as_of(
            asked.hcp_id, asked.controller_id, "email", "medical", datetime(2026, 4, 1, tzinfo=UTC)
        )
    assert found == {
        "promotion": "granted",
        "education": "none",
        "medical": "withdrawn",
        "event": "none",
    }
    assert before.status == "granted"
    with refused.open() as stream:
        fields = [(r["line"], r["field"]) for r in csv.DictReader(stream) if r["row"] == "refused"]
    assert sorted(fields) == [
        ("6", "npi"), ("7", "controller"), ("8", "purpose"), ("9", "captured_at"),
    ]  # fmt: skip


def test_ten_thousand_permissions_take_as_many_statements_as_ten(cast, noon, write, tmp_path):
    people = tmp_path / "npi.csv"
    with people.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, WIDE)
        writer.writeheader()
        writer.writerows(person(n) for n in range(10_010))
    with act_as(cast.system()):
        LegalEntity.objects.create(
            org_id=cast.host.id, name="Halden Pharma Inc", country="US", postal_address="1 Way"
        )
        import_nppes(people, at=noon)
        few = write([row(npi_of(n)) for n in range(10)])
        with CaptureQueriesContext(connection) as small:
            actions.import_consents(few, at=noon)
        many = write([row(npi_of(n)) for n in range(10, 10_010)])
        with CaptureQueriesContext(connection) as large:
            assert actions.import_consents(many, at=noon).new == 10_000
        assert len(large) == len(small)
