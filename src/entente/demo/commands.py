"""``entente demo``: build the invented world, do the main job on it, serve it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import click

from entente.foundation.supervisor import end_in_order


@click.command()
@click.option("--reset", is_flag=True, help="Delete what an earlier demo made and begin anew.")
@click.option(
    "--headless", is_flag=True, help="Perform, print the result, end; status 1 on a failure."
)
@click.option(
    "--port", default=8000, show_default=True, help="Port of the site, or the next free one."
)
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Registry files to use instead of the invented world; the database does not remain.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON (with --headless).")
def demo(reset: bool, headless: bool, port: int, data: Path | None, as_json: bool) -> None:
    """Perform the main job on an invented world and serve it until Ctrl-C.

    Example: entente demo --headless
    """
    os.environ["ENTENTE_DEMO"] = "1"
    end_in_order()
    if data is not None:
        sys.exit(_on_real_data(data.resolve(), port, as_json=as_json))
    from entente.demo.performance import Performance, Stopped

    show = Performance(port=port, headless=headless, as_json=as_json)
    try:
        if reset:
            show.reset()
        ok = show.perform()
        if not headless:
            show.serve()
    except KeyboardInterrupt:
        raise click.Abort from None
    except Stopped as stopped:
        raise click.ClickException(str(stopped)) from None
    finally:
        show.stop()
    sys.exit(0 if ok else 1)


def _on_real_data(data: Path, port: int, *, as_json: bool) -> int:
    """Perform on real registry files, in a home and a database of its own that do not remain."""
    home = Path(tempfile.mkdtemp(prefix="entente-real-"))
    os.environ["ENTENTE_HOME"] = str(home)
    if os.environ.pop("DATABASE_URL", None):
        click.echo(
            "real data goes into a private database only; DATABASE_URL is not used", err=True
        )
    from entente.demo.performance import Performance, Stopped
    from entente.foundation.database import private_server

    show = Performance(port=port, headless=True, as_json=as_json, data=data)
    try:
        return 0 if show.perform() else 1
    except Stopped as stopped:
        raise click.ClickException(str(stopped)) from None
    finally:
        show.stop()
        private_server().destroy()
        shutil.rmtree(home, ignore_errors=True)
