"""Where a medical question is answered: by the own company's medical staff, else by the host's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from entente.directory import reads as directory
from entente.engagement.actions.inquiry_capture import Question, capture_inquiry
from entente.engagement.domain.detailing import is_medical
from entente.engagement.models import Inquiry
from entente.foundation.access.scope import Scope, current_scope, switched
from entente.foundation.errors import UserError
from entente.foundation.locks import lock

LONGEST_WORDS = 1_000
# What the pages offer: for the medical team, or for whoever leads the talk.
MEDICAL, LEADER = "medical", "leader"


@dataclass(frozen=True)
class Home:
    """The company whose medical staff answer, and the scope in which a question is put there."""

    name: str
    scope: Scope


def medical_home() -> Home:
    """Give the company that answers medical questions asked of the present one.

    Partners have no medical desk on the platform: theirs go to the host, and whoever asks is
    told its name before.
    """
    org_id = current_scope().org_id
    known = directory.organisations_visible()
    own = next(each for each in known if each.id == org_id)
    home = own if own.is_host else next((each for each in known if each.is_host), own)
    return Home(home.name, Scope(org_id=home.id, is_host=home.is_host, actor_name="link:question"))


def sort_question(wish: str, words: str) -> bool:
    """Check a question asked at a link and tell whether it is for medical staff.

    Raises
    ------
    UserError
        If nothing is written, it is too long, or the wish is none that is offered.
    """
    if wish not in (MEDICAL, LEADER):
        raise UserError("choose whom you ask", field="wish")
    if not words.strip() or len(words) > LONGEST_WORDS:
        raise UserError(
            f"write your question, in at most {LONGEST_WORDS:,} characters", field="words"
        )
    products = [each.name for each in directory.products()]
    return wish == MEDICAL or is_medical(words, products)


def put_to_medical(
    words: str, *, hcp_id: UUID, link_id: UUID, product_id: UUID | None, at: datetime
) -> Inquiry:
    """Route a question to the medical desk; the link by which it came is the proof of who asked."""
    home = medical_home()
    with switched(home.scope):
        lock(f"ask:{home.scope.org_id}:{hcp_id}")
        return capture_inquiry(
            Question(
                hcp_id=hcp_id,
                words=words,
                kind="scientific",
                source="link",
                product_id=product_id,
                controller_id=directory.main_legal_entity(home.scope.org_id).id,
                link_id=link_id,
            ),
            at=at,
        )
