"""The hash that a signature is bound to: every byte that would leave, and its conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from entente.foundation.domain.canonical import canonical, sha256_hex


def content_hash(
    *,
    subject: str,
    html: str,
    text: str,
    markets: Sequence[str],
    audiences: Sequence[str],
    channels: Sequence[str],
    expires_on: date,
    support_statement: str,
    claims: Sequence[tuple[UUID, str]],
    holds: Sequence[str] | None = None,
    parts: Sequence[UUID] = (),
    rules: Mapping[str, object] | None = None,
    files: Sequence[Sequence[str]] = (),
    tools: Sequence[str] = (),
) -> str:
    """Give the SHA-256 of a version in its final form.

    Parameters
    ----------
    claims : sequence of (claim id, claim text)
    expires_on : date
        Last day on which the version may be used.
    holds : sequence of str, optional
        What its author declares; None for versions from before that was asked.
    parts : sequence of UUID
        Versions of the modules it is made of, in their order.
    rules : mapping, optional
        Of a module, what it asks of the items it stands in.
    files : sequence of (name, hash)
        Attached to it.
    tools : sequence of str
        Hashes of its calculators, algorithms, cases and lessons.

    Returns
    -------
    str
        64 hexadecimal digits. The order in which markets, audiences, channels and claims
        are named changes nothing; any other change does.

    Notes
    -----
    Source: 21 CFR 11.70, a signature cannot be moved to other bytes.

    Examples
    --------
    >>> given = dict(subject="s", html="h", text="t", audiences=["hcp"], channels=["email"],
    ...              expires_on=date(2027, 1, 1), support_statement="", claims=[])
    >>> content_hash(markets=["US", "DE"], **given) == content_hash(markets=["DE", "US"], **given)
    True
    """
    # What a version has none of stays out, so that earlier signatures keep their bytes.
    declared: dict[str, object] = {} if holds is None else {"holds": sorted(holds)}
    if parts:
        declared["parts"] = [str(each) for each in parts]
    if rules:
        declared["rules"] = dict(rules)
    if files:
        declared["files"] = sorted(list(each) for each in files)
    if tools:
        declared["tools"] = sorted(tools)
    return sha256_hex(
        canonical(
            {
                **declared,
                "subject": subject,
                "html": html,
                "text": text,
                "markets": sorted(markets),
                "audiences": sorted(audiences),
                "channels": sorted(channels),
                "expires_on": expires_on,
                "support_statement": support_statement,
                "claims": sorted([str(claim_id), words] for claim_id, words in claims),
            }
        )
    )
