"""What both kinds of side have in common: an agreement that is signed over stated terms."""

from __future__ import annotations

from django.db import models

from entente.foundation.models.base import OwnedRow


class Side(OwnedRow):
    """The side of one organisation (``org``) in a joint object.

    It has agreed only as long as ``agreed_hash`` is the hash of the terms as they are:
    whoever changes the terms loses every agreement. The database refuses an agreement
    without a signature over that hash.
    """

    name = models.CharField(max_length=200)
    agreed_at = models.DateTimeField(null=True)
    agreed_hash = models.CharField(max_length=64, blank=True)
    signature = models.ForeignKey(
        "foundation.Signature", null=True, on_delete=models.PROTECT, related_name="+"
    )
    signer_name = models.CharField(max_length=200, blank=True)
    signer_title = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True
