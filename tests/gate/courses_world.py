"""Small courses, and one line to take or demand one."""

from __future__ import annotations

from datetime import timedelta

from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.facts import Act, gather
from entente.policy.actions.attempts import sign_attempt, start_attempt, submit_attempt
from entente.policy.actions.courses import Demand, assign_course, load_course
from tests.cast import PASSWORD

RIGHT = {"one": ["a"], "two": ["a", "b"]}


def text_of(code="TEST-COURSE", *, shared=True, more="", days=365, words="First"):
    return f'''
code = "{code}"
languages = ["en"]
shared = {"true" if shared else "false"}
pass_percent = 100
validity_days = {days}
attempts = 2
wait_hours = 24
{more}
title.en = "Course {code}"
[[sections]]
heading.en = "{words}"
text.en = "Words with **weight**."
[[questions]]
id = "one"
ask.en = "One of them?"
why.en = "Because one."
options = [{{ id = "a", text.en = "Yes", right = true }}, {{ id = "b", text.en = "No" }}]
[[questions]]
id = "two"
ask.en = "All of them?"
why.en = "Because two."
options = [{{ id = "a", text.en = "A", right = true }}, {{ id = "b", text.en = "B", right = true }},
  {{ id = "c", text.en = "C" }}]
'''


def load(cast, at, **changes):
    """Load a course of the host and give it."""
    with act_as(cast.scope(Role.COMPLIANCE)):
        return load_course(text_of(**changes), at=at)[0].course


def demand(cast, course, at, *, whom="own", role="", partner=None, due=None):
    """Demand a course from yesterday's eve: it binds from the day after it is due."""
    due_on = due or at.date()
    with act_as(cast.scope(Role.COMPLIANCE)):
        wanted = Demand(whom, role, partner.id if partner else None)
        return assign_course(course.id, wanted, due_on=due_on, at=at)


def take(scope, course, at, answers=RIGHT):
    """Take a course: answer, and sign if it was passed."""
    with act_as(scope):
        attempt = submit_attempt(start_attempt(course.id, at=at).id, answers, at=at)
        return sign_attempt(attempt.id, password=PASSWORD, at=at) if attempt.passed else attempt


def days(n):
    return timedelta(days=n)


def trained(scope, on, actor=None):
    """Ask what the gate is told about a person at a moment."""
    with act_as(scope):
        act = Act("email", on, actor_id=actor or scope.actor_id)
        return gather([act])[0]["actor.trained"]
