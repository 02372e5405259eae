"""``entente import events``, and the services' own examples where they are at hand."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from entente.consent.models import Withdrawal
from entente.engagement.actions import import_events
from entente.engagement.commands import import_commands
from entente.engagement.models import MailEvent, Send
from entente.engagement.tests.shell.mail_world import ask, leave, mailgun, sendgrid
from entente.foundation.access.scope import act_as

pytestmark = pytest.mark.feature("engagement/digital-channels")
DATA = Path(__file__).resolve().parents[6] / "shared" / "data" / "engagement-events"
real = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public data folder ../shared/data is not there"
)
KINDS = {
    "processed", "deferred", "delivered", "open", "click", "bounce", "dropped", "complaint",
    "unsubscribe", "group_unsubscribe", "group_resubscribe",
}  # fmt: skip


@pytest.fixture
def left(cast, world, working_hours):
    return leave(cast, ask(cast, world, datetime.now(UTC)), datetime.now(UTC))


@pytest.fixture
def run(cast):
    group = click.Group("import")
    import_commands(group)
    return lambda *words: CliRunner().invoke(group, [str(word) for word in words])


def test_a_dry_run_then_the_load_then_nothing_new(run, cast, left, tmp_path):
    at, path, refused = datetime.now(UTC), tmp_path / "events.json", tmp_path / "refused.csv"
    twice = sendgrid("delivered", at)
    path.write_text(json.dumps([twice, twice, mailgun("unsubscribed", at),
                                sendgrid("fax", at), sendgrid("open", at, email="x@y.test")]))  # fmt: skip

    def counts(*words):
        told = json.loads(run("events", path, "--json", *words).stdout)
        return [told[n] for n in ("read", "new", "changed", "unchanged", "refused")]

    assert counts("--dry-run") == [5, 2, 0, 1, 2]
    with act_as(cast.system()):
        assert not MailEvent.objects.exists()
    assert counts("--refused", refused) == [5, 2, 0, 1, 2]
    assert counts() == [5, 0, 0, 3, 2]
    with refused.open() as stream:
        rows = list(csv.DictReader(stream))
    assert [(r["line"], r["field"], r["value"]) for r in rows] == [
        ("4", "event", "fax"), ("5", "address", "x@y.test"),
    ]  # fmt: skip
    assert all(r["remedy"] for r in rows)
    with act_as(cast.system()):
        assert (MailEvent.objects.count(), Withdrawal.objects.count()) == (4, 1)


def test_the_service_can_be_named_and_a_file_that_is_none_is_an_error(run, left, tmp_path):
    path = tmp_path / "events.json"
    path.write_text(json.dumps([sendgrid("delivered", datetime.now(UTC))]))
    told = json.loads(run("events", path, "--provider", "mailgun", "--json").stdout)
    assert (told["new"], told["refused"]) == (0, 1)
    assert run("events", path, "--provider", "postfix").exit_code != 0
    path.write_text("email,event\n")
    assert "this is no JSON" in run("events", path).output


def _sends_of_old(cast, left, addresses):
    """Sends to the addresses of the services' examples, from before all of them."""
    long_ago = datetime(1971, 1, 1, tzinfo=UTC)
    with act_as(cast.system()):
        for address in addresses:
            Send.objects.create(
                org_id=left.org_id, hcp_id=left.hcp_id, version_id=left.version_id,
                controller_id=left.controller_id, purpose="education", address=address,
                status="sent", decision_id=left.decision_id, sender_role="commercial",
                requested_at=long_ago, settled_at=long_ago,
            )  # fmt: skip


@real
def test_the_examples_of_sendgrid_load_as_their_readme_counts_and_once(cast, left):
    batch, more = DATA / "sendgrid_batch_11_events.json", DATA / "sendgrid_more_events.json"
    addresses = {event["email"] for path in (batch, more) for event in json.loads(path.read_text())}
    at = datetime.now(UTC)

    def load(path):
        with act_as(cast.system()):
            done = import_events(path, at=at)
            return done.read, done.new, done.unchanged, done.refused

    # Nobody wrote to these addresses: nothing is taken, nothing is lost. One stands there twice.
    assert (load(batch), load(more)) == ((11, 0, 0, 11), (13, 0, 1, 12))
    with act_as(cast.system()):
        assert MailEvent.objects.exclude(refused_because="").count() == 11 + 12
    _sends_of_old(cast, left, addresses)
    # All eleven share one sg_event_id.
    assert (load(batch), load(more)) == ((11, 11, 0, 0), (13, 12, 1, 0))
    assert (load(batch), load(more)) == ((11, 0, 11, 0), (13, 0, 13, 0))
    with act_as(cast.system()):
        taken = MailEvent.objects.filter(refused_because="")
        assert set(taken.values_list("kind", flat=True)) == KINDS
        assert taken.count() == 23
