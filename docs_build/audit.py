"""Look up known faults of the locked dependencies, and say so loudly when that was not possible."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Audit the lock; 1 for a known fault, 2 when nothing could be looked up."""
    asked = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "pip_audit", "--strict", "--disable-pip", "--require-hashes",
         "--format", "json", "-r", str(ROOT / "requirements.lock")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        found = json.loads(asked.stdout)["dependencies"]
    except (json.JSONDecodeError, KeyError):
        sys.stderr.write(
            "NOT AUDITED: the list of known faults could not be reached, so nothing is known about\n"
            f"the dependencies. This is not a pass.\n{asked.stderr.strip()[-600:]}\n"
        )
        return 2
    faulty = [one for one in found if one.get("vulns")]
    for one in faulty:
        ids = ", ".join(fault["id"] for fault in one["vulns"])
        sys.stderr.write(f"{one['name']} {one.get('version')}: {ids}\n")
    sys.stdout.write(f"{len(found)} dependencies looked up, {len(faulty)} with known faults\n")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
