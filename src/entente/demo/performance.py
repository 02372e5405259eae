"""The demo as it runs: processes started, steps performed and shown, everything stopped."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from entente.foundation import keys
from entente.foundation.supervisor import (
    NotStarted,
    Supervisor,
    free_port,
    web_command,
    worker_command,
)

if TYPE_CHECKING:
    from uuid import UUID

    from entente.demo.people import Cast
    from entente.demo.result import Result

PATIENCE_S = 1_800.0


class Stopped(RuntimeError):
    """The demo cannot go on; the text says why."""


class Performance:
    """One run of the demo."""

    def __init__(
        self, *, port: int, headless: bool, as_json: bool = False, data: Path | None = None
    ) -> None:
        self._port = free_port(port)
        self._headless, self._as_json, self._data = headless, as_json, data
        self._running: Supervisor | None = None
        self._began = time.monotonic()

    # --- what a person sees ------------------------------------------------------------

    def _say(self, text: str) -> None:
        click.echo(text, err=self._as_json)

    @contextmanager
    def _step(self, words: str) -> Iterator[Callable[[str], None]]:
        began = time.monotonic()
        noted: list[str] = []
        if sys.stdout.isatty() and not self._as_json:
            click.echo(f"  …  {words}", nl=False)
        yield noted.append
        lead = "\r" if sys.stdout.isatty() and not self._as_json else ""
        took = f"{time.monotonic() - began:5.1f} s"
        self._say(f"{lead}  ✓  {words:<52}{took}   {' '.join(noted)}")

    # --- the run -----------------------------------------------------------------------

    def reset(self) -> None:
        """Delete the private database, caught mail and made files of earlier demos."""
        from entente.foundation.database import private_server

        if os.environ.get("DATABASE_URL"):
            raise Stopped("--reset deletes the private database only; empty yours yourself")
        private_server().destroy()
        for name in ("mail", "world", "logs", "anchors.jsonl"):
            path = keys.home() / name
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(
                missing_ok=True
            )

    def perform(self) -> bool:
        """Start everything, do the main job unless it was done before, tell the result."""
        self._start_catcher()
        with self._step("Start the database and bring the tables up to date"):
            self._prepare_database()
        from entente.demo.people import Cast

        cast = Cast.found()
        self._start_site()
        if cast is None:
            return self._do_all()
        self._say("\nThe demo world is there already; what was done is kept.")
        return True

    def _prepare_database(self) -> None:
        import django

        from entente.foundation.administration import initialise
        from entente.foundation.database import private_server

        if not os.environ.get("DATABASE_URL"):
            private_server().start()
        django.setup()
        initialise()

    def _start_catcher(self) -> None:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ["ENTENTE_URL"] = f"http://localhost:{self._port}"
        self._running = Supervisor({})
        if os.environ.get("EMAIL_URL"):
            return
        smtp_port = free_port(self._port + 1)
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{smtp_port}"
        self._running = Supervisor({})
        command = [
            sys.executable,
            "-m",
            "entente.demo.catcher",
            str(smtp_port),
            str(keys.home() / "mail"),
        ]
        self._running.start("catcher", command)
        self._await("catcher", smtp_port)

    def _start_site(self) -> None:
        assert self._running is not None
        with self._step("Start the site and the worker"):
            self._running.start("web", web_command(self._port), ENTENTE_PROCESS="web")
            self._running.start("worker", worker_command(), ENTENTE_PROCESS="worker")
            self._await("web", self._port)

    def _await(self, name: str, port: int) -> None:
        assert self._running is not None
        try:
            self._running.await_port(name, port)
        except NotStarted as trouble:
            raise Stopped(str(trouble)) from None

    def _do_all(self) -> bool:
        from entente.demo import campaign as joint
        from entente.demo.answers import ask_the_msl
        from entente.demo.people import build_cast
        from entente.demo.training import teach_and_audit

        at = datetime.now(UTC)
        with self._step("Found the host and two partners, and their people"):
            cast = build_cast(at - timedelta(minutes=5))
        with self._step("Load courses on the codes, demand one, plan audits") as note:
            note(f"{teach_and_audit(cast, datetime.now(UTC))} courses")
        self._load(cast)
        with self._step("HCPs ask medical questions; commercial colleagues wait") as note:
            note(f"{ask_the_msl(cast, at=datetime.now(UTC))} open")
        with self._step("Write a co-branded item; both partners approve it"):
            version_id = joint.write_and_review(cast, datetime.now(UTC))
        with self._step("Agree on a charter"):
            charter_id = joint.agree_on_charter(cast, datetime.now(UTC))
        with self._step("Sign a share contract and compare lists") as note:
            note(self._compare_lists(cast))
        with self._step("Plan, fund and clear the joint campaign"):
            campaign_id = joint.plan_and_fund(cast, charter_id, version_id, datetime.now(UTC))
        with self._step("Choose the audience by a rule and launch") as note:
            n_members = joint.choose_and_launch(cast, campaign_id, datetime.now(UTC))
            note(f"{n_members:,} HCPs")
        with self._step("Pass each through the gate and deliver what may go") as note:
            note(self._wait_for_sends(cast, campaign_id, n_members))
        result = self._after(cast, campaign_id)
        self._tell(result)
        return not result.troubles

    def _load(self, cast: Cast) -> None:
        from entente.demo.registries import load_again, load_all
        from entente.demo.words import write_words

        folder, at = keys.home() / "world", datetime.now(UTC)
        for loaded in self._timed(load_all(cast, folder, data=self._data, at=at)):
            self._say(loaded)
        write_words(cast, datetime.now(UTC))
        if self._data is not None:
            self._say("  Every file once more: nothing may change.")
            again = list(load_again(cast, folder, data=self._data, at=datetime.now(UTC)))
            for one in again:
                self._say(f"     {one.name:<40}{one.counts.new} new, {one.counts.changed} changed")
            if any(one.counts.new or one.counts.changed for one in again):
                raise Stopped("loading a file twice changed something")

    @staticmethod
    def _timed(loads: Iterator[object]) -> Iterator[str]:
        began = time.monotonic()
        for one in loads:
            counts = one.counts  # type: ignore[attr-defined]
            words = f"Load {one.name}"  # type: ignore[attr-defined]
            yield (
                f"  ✓  {words:<52}{time.monotonic() - began:5.1f} s   {counts.new:,} new,"
                f" {counts.changed:,} changed, {counts.unchanged:,} unchanged,"
                f" {counts.refused:,} refused"
            )
            began = time.monotonic()

    @staticmethod
    def _compare_lists(cast: Cast) -> str:
        from entente.demo.sharing import share_and_compare

        total = share_and_compare(cast, datetime.now(UTC))
        return "withheld" if total is None else f"{total:,} HCPs on both"

    def _wait_for_sends(self, cast: Cast, campaign_id: UUID, n_members: int) -> str:
        from entente.engagement.reads.sends import counts_by_status
        from entente.foundation.access.scope import act_as

        assert self._running is not None
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            with act_as(cast.system()):
                counts = counts_by_status(campaign_id)
            if sum(counts.values()) == n_members and not counts.get("queued"):
                return f"{counts.get('sent', 0):,} delivered"
            if (ended := self._running.ended()) is not None:
                raise Stopped(f"{ended} has ended; see {keys.home() / 'logs' / (ended + '.log')}")
            if sys.stdout.isatty() and not self._as_json:
                done = sum(counts.values()) - counts.get("queued", 0)
                click.echo(f"\r  …  {done:,} of {n_members:,} settled", nl=False)
            time.sleep(0.3)
        raise Stopped("the campaign was not delivered in time; see the worker's log")

    def _after(self, cast: Cast, campaign_id: UUID) -> Result:
        from entente.demo.answers import opt_out_by_link, record_a_meal
        from entente.demo.changes import ask_for_changes
        from entente.demo.duplicates import enter_some_twice
        from entente.demo.meetings import meet_and_ask
        from entente.demo.result import result_of

        at = datetime.now(UTC)
        with self._step("Recipients opt out by the link in their mail") as note:
            note(f"{opt_out_by_link(12, site=f'http://127.0.0.1:{self._port}')} opted out")
        with self._step("Record a lunch and what it means for disclosure") as note:
            meal = record_a_meal(cast, campaign_id, on=at.date() - timedelta(days=1), at=at)
            note(meal.get_standing_display().lower())
        with self._step("Open a joint event, log calls, take a question, ask") as note:
            note(f"{meet_and_ask(cast, campaign_id, datetime.now(UTC))} guests")
        with self._step("Enter some people twice; a search finds them") as note:
            note(f"{enter_some_twice(cast, datetime.now(UTC))} pairs for the steward")
        with self._step("Ask for changes of two records; a steward decides one") as note:
            note(f"{ask_for_changes(cast, datetime.now(UTC))} waits")
        with self._step("Count, compare with the mail caught, verify the ledger") as note:
            result = result_of(cast, campaign_id)
            note(f"{result.ledger_entries:,} entries")
        return result

    def _tell(self, result: Result) -> None:
        if self._as_json:
            from entente.demo.answers import as_json

            click.echo(as_json(result.as_dict()))
            return
        words = {"PERMIT": "may go", "REFER": "needs a person", "FORBID": "must not go"}
        self._say(f"\nAsked for {result.audience:,} HCPs:")
        for outcome, text in words.items():
            self._say(f"  {text:<18}{result.outcomes.get(outcome, 0):>8,}")
        self._say("Rules that did not pass:")
        for rule_id, n in sorted(result.rules.items(), key=lambda pair: (-pair[1], pair[0])):
            self._say(f"  {rule_id:<28}{n:>8,}")
        self._say(
            f"Delivered {result.sent:,}, held back at the last check {result.withheld:,},"
            f" caught by the mail server {result.caught:,}."
        )
        for trouble in result.troubles:
            self._say(f"NOT RIGHT: {trouble}")
        if not result.troubles:
            self._say(
                "Deliveries equal permits, nobody who was refused got mail, the ledger is sound."
            )
        self._say(f"\nDone in {time.monotonic() - self._began:.0f} s.")

    # --- serving -----------------------------------------------------------------------

    def serve(self) -> None:
        """Print where to go and wait for Ctrl-C."""
        from entente.demo.pages import sign_in_path
        from entente.demo.people import PASSWORD, Cast

        cast, site = Cast.found(), f"http://localhost:{self._port}"
        assert cast is not None
        assert self._running is not None
        self._say(
            f"\nThe site: {site}   the API: {site}/api/openapi.json"
            f"   caught mail: {site}/demo/mail/"
        )
        self._say(f"Password of every invented person, asked for when signing: {PASSWORD}\n")
        for organisation, role, user in cast.everybody():
            self._say(f"{organisation}, {role}: {user.name}\n    {site}{sign_in_path(user.id)}")
        self._say("\nCtrl-C stops everything that was started.")
        try:
            while (ended := self._running.ended()) is None:
                time.sleep(0.5)
        except KeyboardInterrupt:
            self._say("\nStopping.")
        else:
            raise Stopped(f"{ended} has ended; see {keys.home() / 'logs' / (ended + '.log')}")

    def stop(self) -> None:
        """Stop what was started, the private database too."""
        if self._running is not None:
            self._running.stop()
        if not os.environ.get("DATABASE_URL"):
            from django.db import connections

            from entente.foundation.database import private_server

            connections.close_all()
            private_server().stop()
