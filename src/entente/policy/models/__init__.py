"""Tables of the room: decisions, the packs they were made under, and what people decided."""

from entente.policy.models.audits import AuditAction, AuditItem, AuditPlan, AuditSample
from entente.policy.models.decision import Decision
from entente.policy.models.overrides import Referral, Waiver
from entente.policy.models.packs import PackActivation, PackDraft, PackSet, PackText
from entente.policy.models.training import (
    Course,
    CourseAssignment,
    CourseAttempt,
    CourseCertificate,
    CourseVersion,
)

__all__ = [
    "AuditAction",
    "AuditItem",
    "AuditPlan",
    "AuditSample",
    "Course",
    "CourseAssignment",
    "CourseAttempt",
    "CourseCertificate",
    "CourseVersion",
    "Decision",
    "PackActivation",
    "PackDraft",
    "PackSet",
    "PackText",
    "Referral",
    "Waiver",
]
