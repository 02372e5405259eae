"""Random lives of items: nothing is ever released that a slow reading of the facts would refuse.

ENTENTE_RELEASES says how many lives are lived; the default fits the suite.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied

from entente.content import actions, reads
from entente.content.actions import Authorship, Limits, Words
from entente.content.domain.panels import Answer, intersect
from entente.content.models import Claim, CoAuthor, Deputy, Need, Seat, Version
from entente.content.reads.material import fingerprint_of
from entente.directory.actions import add_hcp, add_legal_entity, merge_hcps
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError
from entente.foundation.models import User
from entente.foundation.organisations import add_user
from tests.cast import PASSWORD, POSTAL_ADDRESS

pytestmark = pytest.mark.slow

N_LIVES = int(os.environ.get("ENTENTE_RELEASES", "40"))
N_STEPS = 40
STATEMENT = "Made by Halden Pharma and Northlake Health System."
MARKETS, CHANNELS = ("DE", "FR", "US"), ("web", "in_person")


class Life:
    """One random life: a claim, two modules, an item of two companies, and people who act."""

    def __init__(self, cast, seed: int, at) -> None:
        self.cast, self.chance, self.at, self.did = cast, Random(seed), at, Counter()
        self.author, self.partner = (
            cast.scope(Role.BRAND_LEAD), cast.scope(Role.PARTNER_MARKETER, cast.partner),
        )  # fmt: skip
        self.reviewers = [self._reviewer(n) for n in range(4)]
        self.seats = []
        if self.chance.random() < 0.7:
            for function in ("medical", "legal", "regulatory"):
                self.give(function, [])
        with act_as(self.author):
            self.claim = actions.add_claim(
                text="Lowers pressure.", market="US", in_label=True, label_section="14", at=at,
                expires_on=at.date() + timedelta(days=self.chance.choice([9, 400])),
            )  # fmt: skip
            actions.add_reference(self.claim.id, title="T", source="S", anchor="p. 1", at=at)
            self.modules = [
                actions.draft_item(title=f"M{n}", kind="educational", module_kind=kind, at=at)
                for n, kind in enumerate(("body", "safety"))
            ]
            self.item = actions.draft_item(
                title="Joint", kind="educational", partner_ids=[cast.partner.id], at=at
            )
        with act_as(cast.system()):
            self.people = [
                add_hcp(
                    family_name=f"Riter {seed}", given_name="W", country="US",
                    profession="physician", at=at,
                ).id
                for _ in range(3)
            ]  # fmt: skip

    def _reviewer(self, n: int):
        email = f"r{n}.{self.chance.random()}@halden.test"
        with act_as(self.cast.system()):
            add_user(
                email=email, name=f"R{n}", title="", roles=frozenset({Role.REVIEWER}),
                at=self.at, password=PASSWORD,
            )  # fmt: skip
            user = User.objects.get(email=email)
        base = self.cast.scope(Role.REVIEWER)
        # One of them also writes, so that authors meet their own work.
        roles = frozenset({Role.REVIEWER, Role.BRAND_LEAD}) if n == 3 else base.roles
        return replace(base, actor_id=user.id, person_key=user.person_key, roles=roles)

    def versions(self):
        """Select the versions of this life."""
        return Version.objects.filter(item__in=[self.item, *self.modules])

    def over(self) -> None:
        """Take the seats back, so that the next life begins without a panel."""
        with act_as(self.cast.system()):
            Seat.objects.filter(to_on__isnull=True).update(to_on=self.at.date())

    def step(self) -> None:
        """Do something at random; what is refused leaves nothing behind."""
        what = self.chance.choices(
            [
                "sign",
                "write",
                "submit",
                "seat",
                "deputy",
                "withdraw",
                "raise",
                "time",
                "end",
                "co_author",
                "rights",
                "merge",
            ],
            [24, 4, 6, 0.6, 2, 0.4, 0.6, 1.5, 0.2, 0.8, 0.1, 0.6],
        )[0]
        try:
            getattr(self, what)()
            self.did[what] += 1
        except (UserError, PermissionDenied, ObjectDoesNotExist):
            self.did[f"{what} refused"] += 1

    def write(self) -> None:
        scope = self.chance.choice([self.author, self.author, self.reviewers[3]])
        with act_as(scope):
            if self.chance.random() < 0.5:
                item, parts = self.chance.choice(self.modules), []
            else:
                item = self.item
                parts = [v.id for v in Version.objects.filter(item__in=self.modules)]
                self.chance.shuffle(parts)
                parts = parts[: self.chance.randint(0, 2)]
            body = f"Lowers pressure. {STATEMENT} {self.chance.randint(0, 99)}"
            actions.save_version(
                item.id,
                Words(
                    subject="S",
                    html="" if parts and self.chance.random() < 0.7 else f"<p>{body}</p>",
                    text="" if parts else body,
                    markets=self.chance.sample(MARKETS, self.chance.randint(1, 3)),
                    audiences=["hcp"],
                    channels=self.chance.sample(CHANNELS, self.chance.randint(1, 2)),
                    expires_on=self.at.date() + timedelta(days=self.chance.choice([20, 300])),
                    support_statement=STATEMENT,
                    claim_ids=[self.claim.id] if self.chance.random() < 0.6 else [],
                    parts=parts,
                ),
                at=self.at,
            )

    def _some(self, *statuses: str) -> Version:
        with act_as(self.author):
            found = list(self.versions().filter(status__in=statuses).order_by("id"))
        if not found:
            raise UserError("none")
        return self.chance.choice(found)

    def submit(self) -> None:
        version = self._some("draft")
        with act_as(self.author):
            actions.submit_for_review(version.id, at=self.at)

    def sign(self) -> None:
        """Ask one person after the other, as an impatient author does, until somebody signs."""
        version = self._some("in_review")
        people = [*self.reviewers, self.partner]
        self.chance.shuffle(people)
        for scope in people[: self.chance.choice([1, len(people)])]:
            try:
                self._sign(version, scope)
            except (UserError, PermissionDenied, ObjectDoesNotExist):
                self.did["signature refused"] += 1
            else:
                return
        raise UserError("nobody")

    def _sign(self, version: Version, scope) -> None:
        limits = Limits()
        if self.chance.random() < 0.25:
            limits = Limits(
                markets=self.chance.sample(MARKETS, 2),
                channels=self.chance.sample(version.channels, 1),
                until=self.at.date() + timedelta(days=self.chance.choice([5, 100])),
            )
        verdict = "refuse" if self.chance.random() < 0.04 else "approve"
        with act_as(scope):
            actions.decide(
                version.id, verdict=verdict, comment="c", password=PASSWORD, limits=limits,
                at=self.at,
            )  # fmt: skip

    def seat(self) -> None:
        functions = ["medical", "legal", "regulatory"]
        self.give(self.chance.choice(functions), self.chance.choice([[], ["US"], ["DE", "FR"]]))

    def give(self, function: str, countries: list[str]) -> None:
        """Give a seat to somebody."""
        with act_as(self.cast.scope(Role.COMPLIANCE)):
            self.seats.append(
                actions.add_seat(
                    function=function,
                    holder=self.chance.choice(self.reviewers).actor_id,
                    countries=countries,
                    from_on=self.at.date(),
                    at=self.at,
                )
            )

    def deputy(self) -> None:
        if not self.seats:
            raise UserError("none")
        with act_as(self.cast.scope(Role.COMPLIANCE)):
            actions.add_deputy(
                self.chance.choice(self.seats).id,
                holder=self.chance.choice(self.reviewers).actor_id, reason="Leave",
                from_on=self.at.date(), to_on=self.at.date() + timedelta(days=2), at=self.at,
            )  # fmt: skip

    def end(self) -> None:
        if not self.seats:
            raise UserError("none")
        with act_as(self.cast.scope(Role.COMPLIANCE)):
            actions.end_seat(self.chance.choice(self.seats).id, last_day=self.at.date(), at=self.at)

    def withdraw(self) -> None:
        if self.chance.random() < 0.3:
            with act_as(self.author):
                actions.withdraw_claim(self.claim.id, reason="Wrong", at=self.at)
            return
        version = self._some("approved", "in_review")
        with act_as(self.author):
            actions.withdraw_version(version.id, reason="Wrong", at=self.at)

    def raise_lane(self) -> None:
        version = self._some("in_review")
        with act_as(self.chance.choice([*self.reviewers, self.partner])):
            actions.raise_lane(version.id, lane="red", reason="Look again", at=self.at)

    def co_author(self) -> None:
        """Let one of the people, under either of the records of one, have written a part."""
        with act_as(self.author):
            given = Authorship(
                name="W. Riter", part="Table 1", rights="Use", agreement="A-1",
                used_until=self.at.date() + timedelta(days=self.chance.choice([10, 200])),
                hcp_id=self.chance.choice(self.people),
            )  # fmt: skip
            item = self.chance.choice([self.item, *self.modules])
            actions.add_co_author(item.id, given, at=self.at)

    def rights(self) -> None:
        with act_as(self.author):
            written = CoAuthor.objects.filter(
                item__in=[self.item, *self.modules], ended_at__isnull=True
            ).first()
            if written is None:
                raise UserError("none")
            actions.end_rights(written.id, reason="Agreed", at=self.at)

    def merge(self) -> None:
        """Join two records of people; nothing that they wrote may last longer by it."""
        with act_as(self.cast.system()):
            one, other = self.chance.sample(self.people, 2)
            merge_hcps(one, other, reason="Same person", at=self.at)

    def time(self) -> None:
        self.at += timedelta(days=self.chance.randint(1, 3))


setattr(Life, "raise", Life.raise_lane)


def may_leave(version: Version, at) -> bool:
    """Tell by a slow reading of every row whether a version may leave."""
    needs = list(Need.objects.filter(version=version))
    approvals = [a for a in version.approvals.all() if a.verdict == "approve"]
    if version.approvals.exclude(verdict="approve").exists() or not needs:
        return False
    for each in approvals:
        if each.person_key in version.author_keys or each.content_hash != fingerprint_of(version):
            return False
        if not seated(each, version):
            return False
    for claim in Claim.objects.filter(uses__version=version):
        if claim.withdrawn_at or (claim.expires_on and claim.expires_on < at.date()):
            return False
    for part in version.parts.select_related("module_version"):
        if part.module_version.withdrawn_at:
            return False
    agreed = intersect(
        [(str(n.org_id), n.function, n.country) for n in needs],
        [
            Answer(
                str(a.org_id), a.function, frozenset(a.answers), frozenset(a.markets),
                frozenset(version.audiences if a.audiences is None else a.audiences),
                frozenset(version.channels if a.channels is None else a.channels),
            )
            for a in approvals
        ],
        markets=version.markets, audiences=version.audiences, channels=version.channels,
    )  # fmt: skip
    last = min([version.expires_on, *(a.until for a in approvals if a.until)])
    held = [version.item_id, *(p.module_version.item_id for p in version.parts.all())]
    for each in CoAuthor.objects.filter(item_id__in=held):
        if each.ended_at or each.used_until < last:
            return False
    return (
        agreed.missing == 0
        and not agreed.is_empty
        and sorted(agreed.markets) == version.released_markets
        and sorted(agreed.channels) == version.released_channels
        and last == version.released_until
        and last >= at.date()
        and version.withdrawn_at is None
    )


def seated(approval, version: Version) -> bool:
    """Tell whether the signer held the seat on the day, or stood in for who did."""
    day, person = approval.signed_at.date(), approval.signature.user_id
    seats = [
        s for s in Seat.objects.filter(org_id=approval.org_id)
        if s.from_on <= day and (s.to_on is None or s.to_on >= day)
    ]  # fmt: skip
    if approval.org_id != version.org_id or approval.function == "reviewer":
        return True
    return any(
        s.function == approval.function
        and (not s.countries or set(approval.answers) <= set(s.countries))
        and (
            s.holder_id == person
            or any(d.from_on <= day <= d.to_on
                   for d in Deputy.objects.filter(seat=s, holder_id=person))
        )
        for s in seats
    )  # fmt: skip


@pytest.mark.feature("content/co-authored-content")
@pytest.mark.feature("content/modular-content")
def test_no_random_life_lets_out_what_a_slow_reading_refuses(cast, noon):
    done, n_released = Counter(), 0
    with act_as(cast.system()):
        add_legal_entity(name="Halden Inc", country="US", postal_address=POSTAL_ADDRESS, at=noon)
    at = noon
    for seed in range(N_LIVES):
        life = Life(cast, seed, at)
        for _ in range(N_STEPS):
            life.step()
            with act_as(cast.system()):
                for version in life.versions().filter(approved_at__isnull=False):
                    if reads.why_not_released(version, at=life.at) == "":
                        assert may_leave(version, life.at), (seed, life.did, version.id)
                        n_released += 1
        done += life.did
        life.over()
        at = life.at + timedelta(days=1)
    print(
        f"\n{N_LIVES} lives, {sum(done.values())} steps: {dict(done)}; {n_released} releases seen"
    )
    assert n_released > N_LIVES
    assert done["merge"] and done["co_author"] and done["rights"]
