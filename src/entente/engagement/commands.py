"""Commands of the room: events of mail services, calendars and results from files."""

from __future__ import annotations

import click

from entente.directory.commands import add_import


def import_commands(group: click.Group) -> None:
    """Add the room's kinds of file to ``entente import``."""
    add_import(
        group,
        "events",
        "entente.engagement.actions:import_events",
        "What SendGrid or Mailgun told of your e-mails: a JSON list, or one event per line.",
        "entente import events events.json --provider sendgrid --dry-run",
        options=(
            click.option(
                "--provider",
                type=click.Choice(["sendgrid", "mailgun"]),
                help="Whose events; without it each is known by its shape.",
            ),
        ),
    )
    add_import(
        group,
        "programme-counts",
        "entente.engagement.actions:import_programme_counts",
        "Enrolments in support programmes: programme, region, month, enrolled; never patients."
        " Numbers under eleven are not kept.",
        "entente import programme-counts counts.csv --dry-run",
    )
    add_import(
        group,
        "calendar",
        "entente.engagement.actions:import_calendar",
        "A calendar (.ics) or a conference agenda (JSON): clock times and zones are kept.",
        "entente import calendar congress.ics --dry-run",
    )
    add_import(
        group,
        "results",
        "entente.engagement.actions:import_results",
        "What came of publications on digital channels, by day: date, placement reference,"
        " impressions, clicks, spend, currency and so on. A corrected day replaces the former.",
        "entente import results report.csv --dry-run",
    )
    add_import(
        group,
        "message-results",
        "entente.engagement.actions:import_message_results",
        "What became of app messages and SMS: message_id, outcome, at. STOP withdraws consent.",
        "entente import message-results delivered.csv --dry-run",
    )
