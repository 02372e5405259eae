"""Publishing: the gate decides, the address follows the version, and every state is told."""

from __future__ import annotations

import pytest

from entente.content import actions
from entente.content.actions import Publication
from entente.content.reads.hosted import hosted_page
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

pytestmark = pytest.mark.feature("content/hosted-pages")


def test_a_released_version_is_published_once_the_gate_permits_it(cast, on_web, noon):
    version, entity = on_web()
    with act_as(cast.scope(Role.BRAND_LEAD)):
        page = actions.publish_version(
            Publication(version.id, entity.id, "US", slug="lipid-update"), at=noon
        )
        print(page.decision.outcome, page.decision.rule_ids, page.decision.missing_facts)
        assert hosted_page(page.id, noon).state == "live"
