"""More people for the demo's review panel, and a look at its signatures from outside the site.

Run beside the demo, with its environment: ``people`` adds reviewers and prints how they sign in,
``verify TITLE`` prints how many signatures of the latest version hold, and how many are void
once a byte of it is changed behind everybody's back.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import django

PEOPLE = ("Meda Clinica", "Lex Statute", "Reg Filewright", "Dep Standin")


def people() -> dict[str, str]:
    """Add the reviewers; give the path with which each signs in."""
    from entente.demo.pages import sign_in_path
    from entente.demo.people import PASSWORD, Cast
    from entente.foundation.access.roles import Role
    from entente.foundation.access.scope import act_as
    from entente.foundation.models import User
    from entente.foundation.organisations import add_user

    cast = Cast.found()
    assert cast is not None
    links = {}
    with act_as(cast.system()):
        for name in PEOPLE:
            email = f"{name.split()[0].lower()}@halden.test"
            add_user(
                email=email, name=name, title="Reviewer", roles=frozenset({Role.REVIEWER}),
                at=datetime.now(UTC), password=PASSWORD,
            )  # fmt: skip
            links[name] = sign_in_path(User.objects.get(email=email).id)
    return links


def verify(title: str) -> dict[str, int]:
    """Count signatures that hold, and those that are void after one byte was changed."""
    from entente.content import reads
    from entente.content.models import Version
    from entente.demo.people import Cast
    from entente.foundation.access.scope import act_as

    cast = Cast.found()
    assert cast is not None
    with act_as(cast.system()):
        version = Version.objects.filter(item__title=title).order_by("-number")[0]
        n_given, void = version.approvals.count(), len(reads.void_signatures(version))
        version.html = version.html.replace("e", "a", 1)
        return {"given": n_given, "void": void, "void_after": len(reads.void_signatures(version))}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(people() if sys.argv[1] == "people" else verify(sys.argv[2])))
