"""Signed links open one thing for one person for one purpose, and opening spends nothing."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from string import ascii_letters, digits
from uuid import UUID

import pytest
from django.core import signing

from entente.foundation import links
from entente.foundation.access.scope import act_as, set_context
from entente.foundation.models import SignedLink, new_id


@pytest.fixture
def person():
    return new_id()


@pytest.fixture
def token(cast, person, noon) -> str:
    with act_as(cast.system()):
        return links.make_link(
            "preferences",
            person_id=person,
            object_kind="t",
            object_id=person,
            at=noon,
            valid_days=30,
        )


def row_of(token: str) -> UUID:
    return UUID(token.split(":", maxsplit=1)[0])


@pytest.mark.promise("P24")
def test_a_link_opens_what_it_was_made_for_in_the_scope_of_its_maker(cast, token, person, noon):
    set_context(None)
    opened = links.open_link("preferences", token, at=noon)
    assert (opened.person_id, opened.object_kind, opened.object_id) == (person, "t", person)
    assert opened.scope.org_id == cast.host.id
    assert opened.scope.actor_id is None


@pytest.mark.promise("P24")
def test_the_address_of_a_link_tells_nothing(cast, token, person):
    assert person.hex not in token
    assert cast.host.id.hex not in token
    assert "preferences" not in token


@pytest.mark.promise("P24")
def test_opening_a_link_five_times_changes_nothing(cast, token, noon):
    with act_as(cast.system()):
        before = SignedLink.objects.filter(id=row_of(token)).values().get()
        for _ in range(5):
            links.open_link("preferences", token, at=noon)
        assert SignedLink.objects.filter(id=before["id"]).values().get() == before


@pytest.mark.promise("P24")
def test_no_mutant_of_a_link_opens(cast, token, noon):
    random, letters = Random(24), ascii_letters + digits + "-_:=."
    mutants = {token[:-1], token + "=", token + "A", token.upper(), token.replace(":", ""), "", ":"}
    mutants |= {" " + token, token + "\n", "{" + token, token.replace(":", ":=")}
    while len(mutants) < 500:
        place = random.randrange(len(token))
        mutants.add(token[:place] + random.choice(letters) + token[place + 1 :])
    for mutant in mutants - {token}:
        with pytest.raises(links.BadLink):
            links.open_link("preferences", mutant, at=noon)


@pytest.mark.promise("P24")
def test_the_halves_of_two_links_make_no_third(cast, token, person, noon):
    with act_as(cast.system()):
        other = links.make_link(
            "preferences",
            person_id=new_id(),
            object_kind="t",
            object_id=person,
            at=noon,
            valid_days=30,
        )
    for spliced in (
        token.split(":")[0] + ":" + other.split(":")[1],
        other.split(":")[0] + ":" + token.split(":")[1],
    ):
        with pytest.raises(links.BadLink):
            links.open_link("preferences", spliced, at=noon)


@pytest.mark.promise("P24")
def test_a_link_opens_for_no_other_purpose(cast, token, noon):
    with pytest.raises(links.BadLink):
        links.open_link("unsubscribe", token, at=noon)
    # Nor with a signature for the other purpose over the same row.
    with pytest.raises(links.BadLink):
        links.open_link("unsubscribe", links.token_of("unsubscribe", row_of(token)), at=noon)


@pytest.mark.promise("P24")
def test_a_link_ends_at_its_moment(cast, token, noon):
    end = noon + timedelta(days=30)
    assert links.open_link("preferences", token, at=end - timedelta(microseconds=1))
    with pytest.raises(links.BadLink):
        links.open_link("preferences", token, at=end)


@pytest.mark.promise("P24")
def test_a_revoked_link_is_dead_at_once_and_others_live(cast, token, person, noon):
    with act_as(cast.system()):
        other = links.make_link(
            "preferences",
            person_id=person,
            object_kind="t",
            object_id=new_id(),
            at=noon,
            valid_days=9,
        )
        assert links.revoke_links(object_kind="t", object_id=person, at=noon) == 1
        assert links.revoke_links(object_kind="t", object_id=person, at=noon) == 0
    with pytest.raises(links.BadLink):
        links.open_link("preferences", token, at=noon)
    assert links.open_link("preferences", other, at=noon)


@pytest.mark.promise("P24")
def test_another_organisation_revokes_nothing(cast, token, person, noon):
    with act_as(cast.system(cast.partner)):
        assert links.revoke_links(object_kind="t", object_id=person, at=noon) == 0
    assert links.open_link("preferences", token, at=noon)


@pytest.mark.promise("P24")
def test_a_link_signed_with_another_key_does_not_open(cast, token, noon, settings):
    forged = signing.Signer(key="another key", salt="link.preferences.v1").sign(token.split(":")[0])
    with pytest.raises(links.BadLink):
        links.open_link("preferences", forged, at=noon)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the key after a rotation"
    assert links.open_link("preferences", token, at=noon)
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(links.BadLink):
        links.open_link("preferences", token, at=noon)


@pytest.mark.promise("P24")
def test_a_well_signed_link_without_a_row_does_not_open(cast, noon):
    with pytest.raises(links.BadLink):
        links.open_link("preferences", links.token_of("preferences", new_id()), at=noon)
