"""Load events that a mail service kept in a file."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path

from entente.directory.actions.loading import FileKind, ImportCounts, Load, Progress, run_load
from entente.directory.adapters.chunks import Refusal
from entente.engagement.actions.hear_mail import hear_mail
from entente.engagement.adapters.mail_events import EVENTS, PROVIDERS, read_file, staged
from entente.foundation.errors import UserError


def import_events(
    path: Path,
    *,
    at: datetime,
    provider: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    refused_path: Path | None = None,
) -> ImportCounts:
    """Load events of SendGrid or Mailgun: a JSON list, or one event per line.

    Does what the webhook does with each event, see ``hear_mail``, and writes one ``SourceLoad``
    and one ledger entry. What was heard before changes nothing. What is refused stands in the
    refused file and on the page of mail events. See ``directory.actions.loading.run_load`` for
    the other arguments.

    Raises
    ------
    UserError
        If the provider is unknown.
    """
    if provider and provider not in PROVIDERS:
        raise UserError(f"provider is one of {', '.join(PROVIDERS)}", field="provider")
    kind = FileKind(
        "events",
        "response.record",
        {"mail_events": EVENTS},
        partial(read_file, provider=provider or ""),
        _merge,
    )
    return run_load(
        kind, path, at=at, dry_run=dry_run, progress=progress, refused_path=refused_path
    )


def _merge(load: Load) -> None:
    names = ", ".join(f'"{name}"' for name in EVENTS.names)
    load.cursor.execute(f"SELECT {names} FROM stage_mail_events ORDER BY line")  # noqa: S608
    told = [staged(row) for row in load.cursor.fetchall()]
    heard = hear_mail(told, at=load.at, dry_run=load.dry_run)
    load.counts.new += heard.new
    load.counts.unchanged += heard.unchanged
    load.counts.note("consents_withdrawn", heard.n_withdrawn)
    load.counts.note("addresses_stopped", heard.n_stopped)
    load.refused.refuse(
        Refusal(each.line, each.field, each.value, each.remedy) for each in heard.refused
    )
