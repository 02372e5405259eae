"""What the room does: request sends, log calls, record what came back and what was spent."""

from entente.engagement.actions.access_cases import (
    AccessRequest,
    add_access_step,
    assign_access_case,
    close_access_case,
    open_access_case,
)
from entente.engagement.actions.hand_over import cancel_hand_over, complete_hand_over, hand_over
from entente.engagement.actions.hear_mail import Heard, hear_mail
from entente.engagement.actions.import_calendar import import_calendar
from entente.engagement.actions.import_events import import_events
from entente.engagement.actions.import_results import import_results, record_results
from entente.engagement.actions.inquiry_answer import Answer, answer_inquiry
from entente.engagement.actions.inquiry_capture import Question, capture_inquiry
from entente.engagement.actions.inquiry_desk import assign_inquiry, hand_over_inquiry, set_route
from entente.engagement.actions.insights import (
    answer_insight,
    capture_insight,
    own_insight,
    record_need,
    select_adviser,
    set_criteria,
)
from entente.engagement.actions.mail_hooks import add_mail_hook, end_mail_hook, hear_hook
from entente.engagement.actions.medical_case import close_case, open_case
from entente.engagement.actions.message_lists import draw_list, hand_out
from entente.engagement.actions.message_outcomes import (
    import_message_results,
    record_outcomes,
)
from entente.engagement.actions.placements import (
    change_placement,
    clear_placement,
    confirm_taken_down,
    end_placement,
    go_live,
    plan_placement,
    withdraw_placement,
)
from entente.engagement.actions.record_expense import Meal, record_expense
from entente.engagement.actions.record_response import record_response
from entente.engagement.actions.release_address import (
    delete_mail_events,
    forget_mail_events,
    release_address,
)
from entente.engagement.actions.request_send import SendRequest, request_send, request_sends
from entente.engagement.actions.safety_reports import acknowledge_report
from entente.engagement.actions.sample_requests import request_samples, sign_receipt
from entente.engagement.actions.stock import (
    StockTerms,
    add_stock,
    change_stock,
    move_stock,
    receive_lot,
    state_domestic_sales,
)
from entente.engagement.actions.support import (
    ProgrammePlan,
    import_programme_counts,
    record_counts,
    save_programme,
)
from entente.engagement.actions.take_over import take_over_touch
from entente.engagement.actions.touches import amend_touch, cancel_touch, log_touch, plan_touch
from entente.engagement.domain.call import Call, ItemShown
from entente.engagement.domain.hand_overs import Handing, Signed

__all__ = [
    "AccessRequest",
    "Answer",
    "Call",
    "Handing",
    "Heard",
    "ItemShown",
    "Meal",
    "ProgrammePlan",
    "Question",
    "SendRequest",
    "Signed",
    "StockTerms",
    "acknowledge_report",
    "add_access_step",
    "add_mail_hook",
    "add_stock",
    "amend_touch",
    "answer_inquiry",
    "answer_insight",
    "assign_access_case",
    "assign_inquiry",
    "cancel_hand_over",
    "cancel_touch",
    "capture_inquiry",
    "capture_insight",
    "change_placement",
    "change_stock",
    "clear_placement",
    "close_access_case",
    "close_case",
    "complete_hand_over",
    "confirm_taken_down",
    "delete_mail_events",
    "draw_list",
    "end_mail_hook",
    "end_placement",
    "forget_mail_events",
    "go_live",
    "hand_out",
    "hand_over",
    "hand_over_inquiry",
    "hear_hook",
    "hear_mail",
    "import_calendar",
    "import_events",
    "import_message_results",
    "import_programme_counts",
    "import_results",
    "log_touch",
    "move_stock",
    "open_access_case",
    "open_case",
    "own_insight",
    "plan_placement",
    "plan_touch",
    "receive_lot",
    "record_counts",
    "record_expense",
    "record_need",
    "record_outcomes",
    "record_response",
    "record_results",
    "release_address",
    "request_samples",
    "request_send",
    "request_sends",
    "save_programme",
    "select_adviser",
    "set_criteria",
    "set_route",
    "sign_receipt",
    "state_domestic_sales",
    "take_over_touch",
    "withdraw_placement",
]
