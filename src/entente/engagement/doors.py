"""What the room puts into the gate, the outbox and the shell."""

from entente.consent.actions.withdraw import WITHDRAWN
from entente.consent.reads.retention import Disposal, register_disposal
from entente.content.actions.visits import delete_registrations
from entente.content.copies import Place, add_place
from entente.content.reads.hosted import (
    oldest_registration,
    registrations_before,
)
from entente.content.uses import add_source
from entente.directory.followers import follow
from entente.engagement import holdings, names
from entente.engagement.actions import inquiry_answer, invite, safety_reports
from entente.engagement.actions.deliver_send import guards, prepare, settled
from entente.engagement.actions.hear_referral import hear_referral
from entente.engagement.actions.hear_withdrawal import hear_withdrawal
from entente.engagement.actions.release_address import delete_mail_events
from entente.engagement.actions.request_send import TOPIC
from entente.engagement.actions.stop_recalled import RECALLED, count_waiting, hear_recall
from entente.engagement.actions.survey_forget import delete_answers
from entente.engagement.pages import (
    access,
    asked,
    events,
    hand_overs,
    inquiries,
    leads,
    meetings,
    panels,
    placements,
    surveys,
    touches,
)
from entente.engagement.reads import audit_kinds, columns, held, mail_events
from entente.engagement.reads.joined import FOLLOWER
from entente.engagement.reads.placement_uses import PLACEMENTS
from entente.engagement.reads.placements import count_live
from entente.engagement.reads.uses import SENDS
from entente.foundation import outbox
from entente.foundation.access.roles import Role
from entente.foundation.web import shelf
from entente.policy.actions import SETTLED

columns.register()
audit_kinds.register()
follow(FOLLOWER)
outbox.topics.listen(WITHDRAWN, hear_withdrawal)
outbox.topics.listen(SETTLED, hear_referral)
outbox.topics.listen(RECALLED, hear_recall)
add_place(Place("sends", "e-mails that wait to leave", count_waiting))
add_source(SENDS)
add_place(Place("placements", "publications that are still live", count_live))
add_source(PLACEMENTS)
outbox.register(invite.TOPIC, outbox.Topic(invite.prepare, invite.settled, invite.guards))
outbox.register(inquiry_answer.TOPIC, outbox.Topic(inquiry_answer.prepare, inquiry_answer.settled))
outbox.register(safety_reports.TOPIC, outbox.Topic(safety_reports.prepare, safety_reports.settled))
outbox.register(TOPIC, outbox.Topic(prepare=prepare, settled=settled, guards=guards))
names.register()
holdings.register()
register_disposal(
    Disposal(
        "survey_answers",
        "Answers to surveys",
        "the end of the survey",
        3 * 365,
        "Comparing what was answered from year to year",
        "three yearly surveys show a direction",
        held.surveys_ended_before,
        held.oldest_survey,
        delete_answers,
    )
)
register_disposal(
    Disposal(
        "registration",
        "Registrations on hosted pages",
        "the registration",
        365,
        "Answering people who asked to be told more",
        "a wish that nobody answered within a year is over",
        registrations_before,
        oldest_registration,
        delete_registrations,
    )
)
register_disposal(
    Disposal(
        "mail_event",
        "What came back for e-mails",
        "the day it was heard",
        2 * 365,
        "Knowing which messages arrived and what was read",
        "two years cover a campaign and the comparison with the next",
        mail_events.events_before,
        mail_events.oldest_event,
        delete_mail_events,
    )
)


shelf.add_menu(
    shelf.MenuEntry(78, "Samples and items", "engagement:stock_list", "package", "stock.read")
)
shelf.add_menu(
    shelf.MenuEntry(79, "Hand-overs", "engagement:hand_overs", "hand-helping", "stock.read")
)
shelf.add_menu(shelf.MenuEntry(79, "My stock", "engagement:stock_mine", "briefcase", "sample.hand"))
shelf.add_panel(
    shelf.Panel(
        9,
        "directory.hcp",
        "stock.read",
        "engagement/panel_hand_overs.html",
        hand_overs.hcp_hand_overs,
    )
)
shelf.add_menu(shelf.MenuEntry(70, "Calls", "engagement:touches", "message-circle", "touch.read"))
shelf.add_home(
    shelf.HomePanel(
        7,
        frozenset({Role.REPRESENTATIVE, Role.MSL, Role.PARTNER_SELLER}),
        "engagement/home_calls.html",
        touches.my_calls,
    )
)
shelf.add_panel(
    shelf.Panel(
        8, "directory.hcp", "touch.read", "engagement/panel_touches.html", touches.hcp_touches
    )
)
shelf.add_menu(shelf.MenuEntry(71, "Events", "engagement:events", "calendar-days", "event.read"))
shelf.add_home(
    shelf.HomePanel(
        6,
        frozenset({Role.EVENT_MANAGER, Role.BRAND_LEAD, Role.MSL, Role.PARTNER_MARKETER}),
        "engagement/home_events.html",
        events.coming,
    )
)
shelf.add_menu(shelf.MenuEntry(75, "Sends", "engagement:sends", "send", "send.read"))
shelf.add_menu(
    shelf.MenuEntry(76, "Mail events", "engagement:mail_events", "mail-check", "send.read")
)
shelf.add_menu(
    shelf.MenuEntry(76, "Mail services", "engagement:mail_hooks", "webhook", "response.record")
)
shelf.add_menu(
    shelf.MenuEntry(72, "Questions", "engagement:inquiries", "stethoscope", "inquiry.work")
)
shelf.add_menu(shelf.MenuEntry(74, "Access cases", "engagement:access", "handshake", "access.read"))
shelf.add_menu(
    shelf.MenuEntry(
        76, "Patient support", "engagement:programmes", "heart-handshake", "support.read"
    )
)
shelf.add_menu(shelf.MenuEntry(77, "Insights", "engagement:insights", "lightbulb", "insight.read"))
shelf.add_menu(shelf.MenuEntry(78, "Advice", "engagement:advisory", "users-round", "advisory.read"))
shelf.add_home(
    shelf.HomePanel(
        6, frozenset({Role.ACCESS_MANAGER}), "engagement/home_access.html", access.my_access
    )
)
shelf.add_panel(
    shelf.Panel(
        20, "directory.hco", "access.read", "engagement/panel_hco_access.html", access.hco_access
    )
)
shelf.add_panel(
    shelf.Panel(
        20, "directory.hcp", "access.read", "engagement/panel_hcp_access.html", access.hcp_access
    )
)
shelf.add_panel(
    shelf.Panel(
        10,
        "consent.preferences",
        "policy.read",
        "engagement/panel_choices.html",
        asked.choices_panel,
    )
)
shelf.add_menu(shelf.MenuEntry(73, "Drug safety", "engagement:safety", "siren", "safety.read"))
shelf.add_menu(shelf.MenuEntry(80, "Expenses", "engagement:expenses", "receipt", "expense.read"))
shelf.add_menu(
    shelf.MenuEntry(77, "Surveys", "engagement:surveys", "clipboard-list", "survey.read")
)
shelf.add_home(
    shelf.HomePanel(90, frozenset(Role), "engagement/home_surveys.html", surveys.asked_of_me)
)
shelf.add_home(
    shelf.HomePanel(
        10,
        frozenset({Role.REPRESENTATIVE, Role.MSL}),
        "engagement/home_mine.html",
        panels.my_day,
    )
)
shelf.add_home(
    shelf.HomePanel(
        5,
        frozenset({Role.MSL, Role.SAFETY, Role.ACCESS_MANAGER}),
        "engagement/home_inquiries.html",
        inquiries.my_desk,
    )
)
shelf.add_panel(
    shelf.Panel(
        5,
        "directory.hcp",
        "directory.read",
        "engagement/panel_inquiries.html",
        inquiries.hcp_inquiries,
    )
)
shelf.add_panel(
    shelf.Panel(10, "directory.hcp", "send.read", "engagement/panel_hcp.html", panels.hcp_contacts)
)
shelf.add_panel(
    shelf.Panel(
        40,
        "alliances.campaign",
        "send.read",
        "engagement/panel_campaign.html",
        panels.campaign_sends,
    )
)
shelf.add_menu(
    shelf.MenuEntry(71, "Meetings", "engagement:congresses", "handshake", "meeting.read")
)
shelf.add_menu(shelf.MenuEntry(71, "Leads", "engagement:leads", "contact", "lead.read"))
shelf.add_menu(
    shelf.MenuEntry(71, "Calendars", "engagement:calendars", "calendar-range", "event.read")
)
shelf.add_home(
    shelf.HomePanel(
        8,
        frozenset({Role.REPRESENTATIVE, Role.MSL, Role.PARTNER_SELLER}),
        "engagement/home_meetings.html",
        meetings.my_meetings,
    )
)
shelf.add_home(
    shelf.HomePanel(
        8,
        frozenset({Role.EVENT_MANAGER, Role.REPRESENTATIVE, Role.PARTNER_SELLER,
                   Role.PARTNER_MARKETER}),
        "engagement/home_leads.html",
        leads.my_leads,
    )
)  # fmt: skip
shelf.add_menu(
    shelf.MenuEntry(74, "Digital channels", "engagement:placements", "megaphone", "placement.read")
)
shelf.add_home(
    shelf.HomePanel(
        4,
        frozenset({Role.BRAND_LEAD, Role.PARTNER_MARKETER}),
        "engagement/home_placements.html",
        placements.to_do,
    )
)
shelf.add_panel(
    shelf.Panel(
        41,
        "alliances.campaign",
        "placement.read",
        "engagement/panel_placements.html",
        placements.campaign_placements,
    )
)
