"""A signature names who, when and what for, covers exact bytes, and is given by a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from entente.foundation import signatures
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.domain.canonical import sha256_hex
from entente.foundation.models import LedgerEntry, Signature, User, new_id
from tests.cast import PASSWORD

BYTES = sha256_hex("the exact text")
MEANING = "approves the content"


def sign(object_id, at, password=PASSWORD, **fields) -> Signature:
    return signatures.sign(
        password=password,
        meaning=MEANING,
        object_kind="tests.item",
        object_id=object_id,
        content_hash=BYTES,
        at=at,
        **fields,
    )


@pytest.mark.promise("P10")
def test_a_signature_says_who_when_and_what_it_means(cast, noon):
    scope, item = cast.scope(Role.REVIEWER), new_id()
    with act_as(scope):
        made = Signature.objects.get(id=sign(item, noon).id)
        user = User.objects.get(id=scope.actor_id)
        entry = LedgerEntry.objects.get(verb="foundation.signature.given", object_id=item)
    assert (made.signer_name, made.signer_title, made.signed_at) == (user.name, user.title, noon)
    assert (made.meaning, made.object_id, made.org_id) == (MEANING, item, cast.host.id)
    assert entry.actor_id == user.id
    assert PASSWORD not in entry.body
    assert signatures.is_valid(made, content_hash=BYTES, object_id=item, meaning=MEANING)


@pytest.mark.promise("P10")
@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " ", PASSWORD.upper()])
def test_a_wrong_password_signs_nothing(cast, noon, password):
    item = new_id()
    with act_as(cast.scope(Role.REVIEWER)):
        with pytest.raises(signatures.NotSigned):
            sign(item, noon, password)
        assert not Signature.objects.filter(object_id=item).exists()
        assert not LedgerEntry.objects.filter(object_id=item).exists()


@pytest.mark.promise("P10")
def test_neither_a_job_nor_a_person_who_has_left_can_sign(cast, noon):
    with act_as(cast.system()), pytest.raises(signatures.NotSigned):
        sign(new_id(), noon)
    scope = cast.scope(Role.REVIEWER)
    with act_as(scope):
        User.objects.filter(id=scope.actor_id).update(is_active=False)
        with pytest.raises(signatures.NotSigned):
            sign(new_id(), noon)


@pytest.mark.promise("P10")
def test_a_signature_dies_with_one_changed_letter(cast, noon):
    with act_as(cast.scope(Role.REVIEWER)):
        made = sign(new_id(), noon)
    assert not signatures.is_valid(made, content_hash=sha256_hex("the exact texT"))


@pytest.mark.promise("P10")
def test_no_field_of_a_signature_can_be_altered(cast, noon):
    with act_as(cast.scope(Role.REVIEWER)):
        made = sign(new_id(), noon, counterparty=cast.partner.id)
    altered = {
        "id": new_id(),
        "org_id": cast.partner.id,
        "counterparty_id": cast.society.id,
        "user_id": cast.user(Role.COMPLIANCE).id,
        "signer_name": "Somebody Else",
        "signer_title": "Chief",
        "person_key": "another",
        "meaning": "has seen the content",
        "object_kind": "tests.other",
        "object_id": new_id(),
        "signed_at": noon - timedelta(days=1),
        "seal": "0" * 64,
    }
    assert signatures.is_valid(made, content_hash=BYTES)
    for name, value in altered.items():
        before = getattr(made, name)
        setattr(made, name, value)
        assert not signatures.is_valid(made, content_hash=made.content_hash), name
        setattr(made, name, before)
    made.content_hash = sha256_hex("another text")
    assert not signatures.is_valid(made, content_hash=made.content_hash)


@pytest.mark.promise("P10")
def test_a_signature_is_none_of_another_object_with_the_same_text(cast, noon):
    with act_as(cast.scope(Role.REVIEWER)):
        made = sign(new_id(), noon)
    assert not signatures.is_valid(made, content_hash=BYTES, object_id=new_id())
    assert not signatures.is_valid(made, content_hash=BYTES, meaning="refuses the content")


@pytest.mark.promise("P10")
def test_a_kept_signature_is_neither_changed_nor_removed(cast, noon):
    with act_as(cast.scope(Role.REVIEWER)):
        made = sign(new_id(), noon)
        for change in (
            lambda: Signature.objects.filter(id=made.id).update(meaning="x"),
            lambda: Signature.objects.filter(id=made.id).delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


@pytest.mark.promise("P1")
def test_the_other_party_reads_a_signature_given_to_it_and_no_other(cast, noon):
    with act_as(cast.scope(Role.REVIEWER)):
        shared, own = sign(new_id(), noon, counterparty=cast.partner.id), sign(new_id(), noon)
    with act_as(cast.system(cast.partner)):
        assert list(Signature.objects.filter(id__in=[shared.id, own.id])) == [shared]
    with act_as(cast.system(cast.stranger)):
        assert not Signature.objects.exists()
