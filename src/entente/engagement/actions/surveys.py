"""Everything that is done with surveys, under one name for doors."""

from entente.engagement.actions.survey_answer import Respondent, answer_survey
from entente.engagement.actions.survey_invite import (
    invitation_for_mail,
    invite_hcps,
    take_out_links,
)
from entente.engagement.actions.survey_life import close_survey, open_survey, share_results
from entente.engagement.actions.survey_write import (
    QuestionPlan,
    SurveyPlan,
    change_survey,
    draft_survey,
    move_question,
    new_version,
    remove_question,
    save_question,
)

__all__ = [
    "QuestionPlan",
    "Respondent",
    "SurveyPlan",
    "answer_survey",
    "change_survey",
    "close_survey",
    "draft_survey",
    "invitation_for_mail",
    "invite_hcps",
    "move_question",
    "new_version",
    "open_survey",
    "remove_question",
    "save_question",
    "share_results",
    "take_out_links",
]
