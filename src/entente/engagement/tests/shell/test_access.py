"""Access and support: a clinic's case with its clock, programmes, centres, counts, no patient."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.db.utils import DatabaseError

from entente.directory.actions import name_centre
from entente.directory.models import Hco
from entente.engagement.actions import (
    AccessRequest,
    ProgrammePlan,
    add_access_step,
    close_access_case,
    import_programme_counts,
    open_access_case,
    save_programme,
)
from entente.engagement.models import AccessCase, AccessStep, ProgrammeCount
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.models import new_id

pytestmark = pytest.mark.feature("engagement/access-support")

REQUEST = "The payer asks for a form that the clinic does not know."
PLAN = ProgrammePlan("Bridge Path", "bridge", "A month of supply", "Uninsured patients", "US")


@pytest.fixture
def at(noon):
    return noon + timedelta(hours=4)


@pytest.fixture
def clinic(cast, world):
    with act_as(cast.system()):
        return Hco.objects.create(
            id=new_id(), org=cast.host, system="test", value=new_id().hex, name="Shore Clinic",
            country="US", city="Testford", name_key="shore clinic", search_text="shore clinic",
        ).id  # fmt: skip


@pytest.fixture
def opened(cast, clinic, at):
    with act_as(cast.scope(Role.ACCESS_MANAGER)):
        return open_access_case(AccessRequest("prior_auth", REQUEST, hco_id=clinic), at=at)


def test_a_clinics_case_has_a_clock_and_is_for_access_managers_only(cast, opened, at):
    assert opened.due_at == at + timedelta(hours=24)
    for role, n in (
        (Role.ACCESS_MANAGER, 1), (Role.COMPLIANCE, 1), (Role.REPRESENTATIVE, 0),
        (Role.BRAND_LEAD, 0), (Role.MSL, 0),
    ):  # fmt: skip
        with act_as(cast.scope(role)):
            assert AccessCase.objects.count() == n, role
            assert AccessStep.objects.count() == n, role


def test_hand_offs_and_templates_are_kept_as_steps(cast, opened, world, at):
    with act_as(cast.scope(Role.ACCESS_MANAGER)):
        add_access_step(opened.id, "bridge", "Two weeks until the answer.", at=at)
        add_access_step(opened.id, "coordinator", "Calls the clinic weekly.", at=at)
        add_access_step(opened.id, "template", "", version_id=world.version, at=at)
        with pytest.raises(UserError, match="choose the template"):
            add_access_step(opened.id, "template", "", at=at)
        close_access_case(opened.id, "The payer agreed.", at=at)
        with pytest.raises(UserError, match="closed already"):
            add_access_step(opened.id, "note", "More.", at=at)
        kinds = set(AccessStep.objects.values_list("kind", flat=True))
    assert kinds == {"opened", "bridge", "coordinator", "template", "closed"}
    with act_as(cast.scope(Role.ACCESS_MANAGER)), pytest.raises(DatabaseError):
        AccessStep.objects.update(note="changed")


def test_a_text_that_names_a_patient_is_refused_in_every_field(cast, opened, clinic, at):
    named = "Patient Mrs. Weber, DOB 3.4.1961"
    with act_as(cast.scope(Role.ACCESS_MANAGER)):
        for act in (
            lambda: open_access_case(AccessRequest("other", named, hco_id=clinic), at=at),
            lambda: add_access_step(opened.id, "note", named, at=at),
            lambda: close_access_case(opened.id, named, at=at),
        ):
            with pytest.raises(UserError, match="leave out"):
                act()


def test_a_case_names_a_clinic_or_a_person_even_to_the_database(cast, at):
    with act_as(cast.scope(Role.ACCESS_MANAGER)), pytest.raises(UserError, match="name the HCP"):
        open_access_case(AccessRequest("other", REQUEST), at=at)
    with act_as(cast.scope(Role.REPRESENTATIVE)), pytest.raises(OutOfScope):
        open_access_case(AccessRequest("other", REQUEST), at=at)


def test_an_access_manager_works_through_the_pages(cast, clinic, world, browser):
    client = browser(Role.ACCESS_MANAGER)
    assert f"/access/new/?hco={clinic}" in client.get(f"/hcos/{clinic}/").text
    assert "For which clinic" in client.get("/access/new/").text
    given = {"kind": "prior_auth", "request": REQUEST, "priority": "urgent"}
    page = client.post(f"/access/new/?hco={clinic}", given, follow=True)
    address = page.request["PATH_INFO"]
    assert REQUEST in page.text
    assert client.post(address, {"act": "step", "kind": "note", "note": ""}).status_code == 422
    step = {"act": "step", "kind": "bridge", "note": "Two weeks."}
    assert "Handed to bridge supply" in client.post(address, step, follow=True).text
    assert "Shore Clinic" in client.get("/access/?standing=open&mine=1").text
    assert "Shore Clinic" in client.get("/").text
    mate = {"act": "assign", "assignee": str(cast.user(Role.ACCESS_MANAGER).id)}
    assert client.post(address, mate).status_code == 302
    done = client.post(address, {"act": "close", "outcome": "Agreed."}, follow=True)
    assert "Agreed." in done.text
    assert "No case fits" in client.get("/access/?standing=open").text
    assert "payer asks" not in client.get("/access/?export=csv").content.decode()
    assert browser(Role.REPRESENTATIVE).get("/access/").status_code == 403


def test_small_monthly_numbers_are_not_kept_at_all(cast, at, tmp_path, browser):
    file, refused = tmp_path / "counts.csv", tmp_path / "refused.csv"
    file.write_text(
        "programme,region,month,enrolled\n"
        "Bridge Path,North,2026-10,40\n"
        "Bridge Path,South,2026-10,10\n"
        "Bridge Path,West,2026-10,11\n"
        "Nowhere,West,2026-10,11\n"
        "Bridge Path,East,2026-13,20\n"
        "Bridge Path,East,2026-10,-2\n"
    )
    with act_as(cast.scope(Role.ACCESS_MANAGER)):
        programme = save_programme(PLAN, at=at)
        dry = import_programme_counts(file, at=at, dry_run=True)
        assert (dry.new, dry.refused, dry.dry_run) == (3, 3, True)
        assert not ProgrammeCount.objects.exists()
        told = import_programme_counts(file, at=at, refused_path=refused)
        assert (told.read, told.new, told.refused) == (6, 3, 3)
        assert told.notes == {"too_small_to_keep": 1}
        again = import_programme_counts(file, at=at)
        assert (again.new, again.unchanged) == (0, 3)
        kept = dict(ProgrammeCount.objects.values_list("region", "n_enrolled"))
        assert kept == {"North": 40, "South": None, "West": 11}
    assert [line.split(",")[:2] for line in refused.read_text().splitlines()] == [
        ["line", "field"], ["5", "programme"], ["6", "month"], ["7", "enrolled"],
    ]  # fmt: skip
    page = browser(Role.REPRESENTATIVE).get(f"/support/{programme.id}/").text
    assert "under 11" in page.replace("under</span> 11", "under 11")
    assert "at least 51" in browser(Role.REPRESENTATIVE).get("/support/").text
    with act_as(cast.system()), pytest.raises(DatabaseError):
        ProgrammeCount.objects.filter(region="South").update(n_enrolled=3)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("programme,region,month,enrolled,patient\nBridge Path,N,2026-10,1,X\n", "single patients"),
        ("programme,region,month\nBridge Path,N,2026-10\n", "lacks enrolled"),
    ],
)
def test_a_file_with_other_columns_is_no_table_of_counts(cast, at, tmp_path, text, why):
    file = tmp_path / "counts.csv"
    file.write_text(text)
    with act_as(cast.scope(Role.ACCESS_MANAGER)), pytest.raises(UserError, match=why):
        import_programme_counts(file, at=at)


def test_rows_that_repeat_are_patients_and_refused(cast, at, tmp_path):
    file = tmp_path / "counts.csv"
    file.write_text(
        "programme,region,month,enrolled\nBridge Path,N,2026-10,1\nBridge Path,N,2026-10,1\n"
    )
    with act_as(cast.scope(Role.ACCESS_MANAGER)):
        save_programme(PLAN, at=at)
        assert import_programme_counts(file, at=at).refused == 2


def test_programmes_and_centres_are_entered_and_found(cast, clinic, browser, at):
    client = browser(Role.ACCESS_MANAGER)
    given = {"name": "Bridge Path", "kind": "bridge", "what": "A month of supply",
             "for_whom": "Uninsured patients", "country": "us", "url": "https://x.test"}  # fmt: skip
    assert "Uninsured patients" in client.post("/support/new/", given, follow=True).text
    assert client.post("/support/new/", given | {"country": "zz"}).status_code == 422
    assert client.post("/support/new/", given | {"url": "http://x.test"}).status_code == 422
    with act_as(cast.scope(Role.STEWARD)):
        name_centre(clinic, "Rare anaemia", from_on=at.date(), at=at)
    reader = browser(Role.MSL)
    assert "Rare anaemia" in reader.get("/referral-centres/?words=anaemia").text
    assert "No centre fits" in reader.get("/referral-centres/?words=zebra").text
    assert "Rare anaemia" in reader.get("/referral-centres/?export=csv").content.decode()
    assert "No programme fits" in reader.get("/support/?kind=copay").text


def test_a_program_does_what_the_pages_do(cast, clinic, program):
    api, base = program(Role.ACCESS_MANAGER), "/api/engagement"

    def send(path, body):
        return api.post(base + path, json.dumps(body), content_type="application/json")

    given = {"kind": "appeal", "request": REQUEST, "hco_id": str(clinic)}
    made = send("/access-cases", given)
    assert made.status_code == 201, made.text
    path = f"/access-cases/{made.json()['id']}"
    user = str(cast.user(Role.ACCESS_MANAGER).id)
    assert send(f"{path}/assignee", {"assignee_id": user}).status_code == 200
    stepped = send(f"{path}/steps", {"kind": "payer", "note": "Ten days."})
    assert [s["kind"] for s in stepped.json()["steps"]][-1] == "opened"
    assert send(f"{path}/outcome", {"outcome": "Agreed."}).json()["closed_at"]
    assert len(api.get(f"{base}/access-cases?standing=closed").json()["items"]) == 1
    assert program(Role.REPRESENTATIVE).get(base + path).status_code == 403
    plan = {"name": "Bridge Path", "kind": "bridge", "what": "Supply", "for_whom": "All",
            "country": "US"}  # fmt: skip
    programme = send("/programmes", plan).json()
    cells = [{"programme": "Bridge Path", "region": r, "month": "2026-10", "enrolled": n}
             for r, n in (("N", 12), ("S", 3))]  # fmt: skip
    assert send("/programme-counts", {"counts": cells}).json()["new"] == 2
    counts = api.get(f"{base}/programmes/{programme['id']}/counts").json()["items"]
    assert [c["n_enrolled"] for c in counts] == [12, None]
    assert api.get(f"{base}/centres").json()["items"] == []


def test_the_month_of_a_count_is_its_first_day(cast, at):
    from entente.engagement.domain.programme_counts import read_counts

    row = {"programme": "A", "region": "B", "month": "2026-02", "enrolled": "11"}
    (count,), wrong = read_counts([(2, row)])
    assert (count.month, count.n, wrong) == (date(2026, 2, 1), 11, [])
