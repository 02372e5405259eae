"""The words with which the demo's people are asked, in the languages of their own pages."""

from __future__ import annotations

from datetime import datetime

from entente.consent import actions as consent
from entente.demo.people import Cast, entity_of
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

TOPICS = ("Heart failure (invented)", "Arrhythmia (invented)")
WORDS = {
    "en": "May Halden Pharma write to me by e-mail? I can end this at any time. If I do, Northlake"
    " Health System is told of it. (Invented words; they are no legal advice.)",
    "de": "Darf Halden Pharma mir E-Mails senden? Ich kann das jederzeit beenden. Northlake Health"
    " System erfährt dann davon. (Erfundener Text; er ist keine Rechtsberatung.)",
    "fr": "Halden Pharma peut-il m’écrire par e-mail ? Je peux y mettre fin à tout moment."
    " Northlake Health System en est alors informé. (Texte inventé, sans valeur juridique.)",
    "es": "¿Puede Halden Pharma escribirme por correo electrónico? Puedo ponerle fin en cualquier"
    " momento y se informa de ello a Northlake Health System. (Texto inventado, sin valor"
    " jurídico.)",
}


def write_words(cast: Cast, at: datetime) -> None:
    """Name topics and write the words; the privacy officer puts into use what the steward wrote."""
    with act_as(cast.system(cast.partner)):
        partner = entity_of(cast.partner)
    with act_as(cast.scope(Role.STEWARD)):
        for name in TOPICS:
            consent.add_topic(name, at=at)
        shown = consent.Shown(
            controllers=[partner.id],
            channels=["email"],
            purposes=["promotion", "education", "event"],
        )
        made = [
            consent.stage_wording(
                version=f"US-{language}-2",
                country="US",
                language=language,
                text=text,
                controller_id=entity_of(cast.host).id,
                shown=shown,
                at=at,
            )
            for language, text in WORDS.items()
        ]
    with act_as(cast.scope(Role.PRIVACY)):
        for words in made:
            consent.activate_wording(words.id, at=at)
