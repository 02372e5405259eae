"""What the room holds of a person: named in a subject's export, forgotten where it may be."""

from entente.consent.reads.holdings import Holding, register_holding
from entente.content.actions.visits import erase_registrations
from entente.content.reads.co_authors import co_authored_by
from entente.content.reads.hosted import registrations_by
from entente.engagement.actions.forget_address import forget_address
from entente.engagement.actions.leads import forget_leads
from entente.engagement.actions.release_address import forget_mail_events
from entente.engagement.actions.survey_forget import forget_answers
from entente.engagement.reads import hand_overs as handed
from entente.engagement.reads import held, held_details, mail_events
from entente.engagement.reads.leads import held_leads
from entente.engagement.reads.meetings import held_meetings

HOLDINGS = (
    Holding(
        80,
        "sends",
        "What was sent to you",
        held.sends_to,
        forget_address,
        "that each message was allowed must stay provable; the address is blanked",
    ),
    Holding(
        81,
        "mail_events",
        "What came back for messages to you",
        mail_events.held_events,
        forget_mail_events,
        "what became of each message must stay provable; links and programs are blanked",
    ),
    # Content stands beside consent and cannot tell it what it holds.
    Holding(
        82,
        "registrations",
        "Wishes to be told more, left on a page",
        registrations_by,
        erase_registrations,
    ),
    Holding(
        83,
        "co_authorships",
        "What you wrote a part of",
        co_authored_by,
        None,
        "that your part was used as agreed, and what you declared, must stay provable",
    ),
    Holding(
        84,
        "calls",
        "Calls that were had with you",
        held.calls_with,
        None,
        "that each contact was allowed, and who spoke of what, must stay provable",
    ),
    Holding(
        84,
        "remote_details",
        "What was shown to you in the browser",
        held_details.details_with,
        None,
        "what was shown, and that it was approved at that moment, must stay provable",
    ),
    Holding(
        85,
        "medical_questions",
        "Your medical questions",
        held.questions_of,
        None,
        "medical information given and safety reports are kept by law",
        by_link=False,
    ),
    Holding(
        86,
        "survey_answers",
        "Surveys you were invited to, and what you answered with your name",
        held.survey_answers_of,
        forget_answers,
        "that you were invited shows that no survey was put to you too often; answers given"
        " anonymously cannot be found",
    ),
    Holding(
        86,
        "webinar_answers",
        "Your answers and questions in webinars",
        held_details.said_in_webinars,
        None,
        "the counts told to who attended must stay what they were",
    ),
    Holding(
        86,
        "events",
        "Events you were invited to or came to",
        held.events_of,
        None,
        "who was invited, came and was paid must stay provable",
    ),
    Holding(
        87,
        "hand_overs",
        "Samples and items that were handed to you",
        handed.handed_to,
        None,
        "the laws on samples and on transfers of value ask for a record of each with its receipt",
    ),
    Holding(
        88,
        "sample_requests",
        "Samples that you asked for in writing",
        handed.asked_by,
        None,
        "the law on samples asks for the signed request of each (21 CFR 203.38: three years)",
    ),
    Holding(
        89,
        "meetings",
        "Meetings at congresses that were booked with you",
        held_meetings,
        None,
        "that each contact was allowed must stay provable",
    ),
    Holding(
        90,
        "leads",
        "What was written down when you came to a stand",
        held_leads,
        forget_leads,
        "what you permitted to whom, with which words, must stay provable",
    ),
)


def register() -> None:
    """Say what the room holds."""
    for holding in HOLDINGS:
        register_holding(holding)
