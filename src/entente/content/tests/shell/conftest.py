"""What the tests of content share: a product, a claim, words that pass every check."""

from __future__ import annotations

from datetime import date

import pytest

from entente.content import actions
from entente.content.actions import Words
from entente.directory.actions import ApprovedIn, add_legal_entity, add_product
from entente.directory.reads import legal_entities
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

PASSWORD = "correct horse battery"
ADDRESS = "1 Halden Way, Testford, MA 02100"
STATEMENT = "Made by Halden Pharma together with Northlake Health System, who shared the cost."
CLAIM = "Lowers LDL cholesterol by half in twelve weeks."


@pytest.fixture
def words():
    """Give a maker of words that pass every check, with changes."""
    return _words


def _words(**changes) -> Words:
    given = {
        "subject": "New lipid data",
        "html": f"<p>Dear {{{{given_name}}}}</p><p>{CLAIM}</p><p>{STATEMENT}</p>"
        f"<p>Promotional information. {ADDRESS}. <a href='{{{{unsubscribe_url}}}}'>Stop</a></p>",
        "text": f"Dear {{{{given_name}}}}\n{CLAIM}\n{STATEMENT}\n"
        f"Promotional information.\n{ADDRESS}\n"
        "Stop: {{unsubscribe_url}}",
        "markets": ["US"],
        "audiences": ["hcp"],
        "channels": ["email"],
        "expires_on": date(2027, 11, 20),
        "support_statement": STATEMENT,
        "holds": ["balanced_risks", "prescribing_information"],
    }
    return Words(**{**given, **changes})


@pytest.fixture
def item(cast, noon, words):
    """A co-branded item of the host with Northlake, a draft written by the brand lead."""
    with act_as(cast.system()):
        add_legal_entity(name="Halden Inc", country="US", postal_address=ADDRESS, at=noon)
        product = add_product(
            "Lipidex", "medicine", [ApprovedIn("US", date(2020, 1, 1), "Lipids")], at=noon
        )
    with act_as(cast.scope(Role.BRAND_LEAD)):
        claim = actions.add_claim(
            text=CLAIM,
            market="US",
            in_label=True,
            label_section="14",
            product_id=product.id,
            at=noon,
        )
        actions.add_reference(
            claim.id, title="A trial", source="Journal of Tests", anchor="p. 3", at=noon
        )
        made = actions.draft_item(
            title="Lipid update",
            kind="promo",
            product_id=product.id,
            partner_ids=[cast.partner.id],
            at=noon,
        )
        actions.save_version(made.id, words(claim_ids=[claim.id]), at=noon)
    return made


@pytest.fixture
def browse(client, cast):
    """Give a client signed in as somebody."""

    def sign_in(role, organisation=None):
        client.force_login(cast.user(role, organisation))
        return client

    return sign_in


WEB_HTML = (
    f"<h2>Lipids</h2><p>{CLAIM}</p><p>Read the prescribing information. Report side effects.</p>"
    f"<p>Promotional information. {ADDRESS}.</p>"
)


@pytest.fixture
def on_web(cast, noon, words):
    """Give a maker of a version for the web, released unless told otherwise, and its sender."""

    def make(*, release=True, parts=None, title="Lipids on the web", partners=(), **changes):
        with act_as(cast.system()):
            entity = next(iter(legal_entities(cast.host.id)), None) or add_legal_entity(
                name="Halden Inc", country="US", postal_address=ADDRESS, at=noon
            )
            product = add_product(
                f"Lipidex {title}", "medicine", [ApprovedIn("US", date(2020, 1, 1), "Lipids")],
                at=noon,
            )  # fmt: skip
        with act_as(cast.scope(Role.BRAND_LEAD)):
            claim = actions.add_claim(
                text=CLAIM, market="US", in_label=True, label_section="14", at=noon,
                product_id=product.id,
            )  # fmt: skip
            actions.add_reference(claim.id, title="A trial", source="J", anchor="p. 3", at=noon)
            item = actions.draft_item(
                title=title, kind="promo", product_id=product.id, partner_ids=partners, at=noon
            )
            given = {
                "html": WEB_HTML, "text": f"{CLAIM}\nPromotional information.\n{ADDRESS}",
                "channels": ["web"], "support_statement": "", "claim_ids": [claim.id],
                "holds": ["balanced_risks", "prescribing_information", "adverse_event_reporting"],
            }  # fmt: skip
            version = actions.save_version(item.id, words(**{**given, **changes}), at=noon)
            if parts:
                parts(version)
            if release:
                actions.submit_for_review(version.id, at=noon)
        if release:
            with act_as(cast.scope(Role.REVIEWER)):
                actions.decide(
                    version.id, verdict="approve", comment="", password=PASSWORD, at=noon
                )
                actions.record_filing(
                    version.id, authority="fda", filed_on=noon.date(), reference="2253-1", at=noon
                )
        return version, entity

    return make
