"""What people fill in about a survey: its plan, a question, who is invited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import QueryDict

from entente.alliances import reads as alliances
from entente.content import reads as content
from entente.directory import reads as directory
from entente.engagement.actions.survey_write import LEAST, QuestionPlan, SurveyPlan
from entente.engagement.domain.surveys import KINDS, LANGUAGES, Option, Question, answers_of
from entente.engagement.models import Survey
from entente.foundation.errors import UserError

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def uuid_or_none(text: str) -> UUID | None:
    """Read a chosen id; nothing where none was chosen."""
    return UUID(text) if text else None


class SurveyForm(forms.Form):
    """What a survey is about, whom it asks, what it promises."""

    title = forms.CharField(label="Title", max_length=200, help_text="Those who answer see it.")
    audience = forms.ChoiceField(
        label="Who is asked", choices=Survey.Audience, widget=forms.RadioSelect, initial="hcp"
    )
    asked = forms.TypedMultipleChoiceField(
        label="Which partners",
        coerce=UUID,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Only for a survey of partners’ people.",
    )
    promise = forms.ChoiceField(
        label="What they are promised",
        choices=[
            ("anonymous", "Anonymous: nobody can find out who answered what, we included"),
            ("named", "With the name: you see who answered what"),
        ],
        widget=forms.RadioSelect,
        initial="anonymous",
    )
    languages = forms.MultipleChoiceField(
        label="Languages",
        choices=list(LANGUAGES.items()),
        widget=forms.CheckboxSelectMultiple,
        initial=["en"],
    )
    opens_on = forms.DateField(label="Takes answers from", widget=DAY)
    closes_on = forms.DateField(
        label="To",
        widget=DAY,
        required=False,
        help_text="With a last day, results are told once, after it. Without one, they are told"
        " in groups of people as answers come.",
    )
    least = forms.IntegerField(
        label="Results are told of at least",
        min_value=LEAST,
        max_value=1000,
        initial=LEAST,
        help_text="People. Never fewer than 11.",
    )
    by_segment = forms.BooleanField(
        label="Results also by specialty, country and organisation",
        required=False,
        help_text="Needs a last day. HCPs are then invited in lists.",
    )
    takes_open = forms.BooleanField(
        label="One open address that anybody may use",
        required=False,
        help_text="For a hosted page, a stand or a hall. Nobody can see who uses it, so one person"
        " may answer twice.",
    )
    version = forms.ChoiceField(label="About this item", required=False)
    campaign = forms.ChoiceField(label="About this campaign", required=False)
    event = forms.CharField(label="About this event", max_length=200, required=False)

    def __init__(self, *given: Any, on: date, languages: Sequence[str] = ("en",), **more: Any):
        super().__init__(*given, **more)
        partners = [each for each in directory.organisations_visible() if not each.is_host]
        self._choose("asked", [(each.id, each.name) for each in partners])
        versions = content.released_versions(on=on)
        self._choose(
            "version",
            [("", "None"), *((v.id, f"{v.item.title}, version {v.number}") for v in versions)],
        )
        self._choose(
            "campaign", [("", "None"), *((c.id, c.name) for c in alliances.campaigns(limit=100))]
        )
        chosen = cast(QueryDict, self.data).getlist("languages") if self.is_bound else languages
        for code in [each for each in LANGUAGES if each in chosen]:
            self.fields[f"intro_{code}"] = forms.CharField(
                label=f"First words in {LANGUAGES[code]}",
                max_length=2000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3, "lang": code}),
            )

    def _choose(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field: Any = self.fields[name]
        kept = str(self.initial.get(name) or "")
        if kept and name == "version" and kept not in {str(value) for value, _ in choices}:
            choices = [*choices, (kept, "The item chosen before")]
        field.choices = choices

    def plan(self) -> SurveyPlan:
        """Give what was filled in."""
        given = dict(self.cleaned_data)
        intro = {
            code: text
            for code in LANGUAGES
            if (text := (given.pop(f"intro_{code}", "") or "").strip())
        }
        version, campaign = given.pop("version"), given.pop("campaign")
        return SurveyPlan(
            asked_ids=given.pop("asked"),
            version_id=uuid_or_none(version),
            campaign_id=uuid_or_none(campaign),
            intro=intro,
            **given,
        )


def initial_of(survey: Survey, asked_ids: Sequence[UUID]) -> dict[str, Any]:
    """Give a survey as its form shows it."""
    names = ("title", "audience", "promise", "languages", "opens_on", "closes_on", "least",
             "by_segment", "takes_open", "event")  # fmt: skip
    return {
        **{name: getattr(survey, name) for name in names},
        **{f"intro_{code}": text for code, text in survey.intro.items()},
        "asked": list(asked_ids),
        "version": survey.version_id or "",
        "campaign": survey.campaign_id or "",
    }


class QuestionForm(forms.Form):
    """One question, in every language of its survey."""

    kind = forms.ChoiceField(label="Kind", choices=list(KINDS.items()))
    code = forms.CharField(
        label="Code",
        max_length=40,
        help_text="Small letters, such as clear-message. Surveys that ask the same of others use"
        " the same code, and can be compared by it.",
    )
    required = forms.BooleanField(label="An answer is needed", required=False)
    shown_if = forms.ChoiceField(label="Asked only if", required=False)

    def __init__(
        self, *given: Any, languages: Sequence[str], before: Sequence[Question], **more: Any
    ):
        super().__init__(*given, **more)
        self.languages = list(languages)
        conditions = [("", "always")]
        for question in before:
            for answer in answers_of(question):
                conditions.append((f"{question.code}={answer}", f"{question.code} is {answer}"))
        kept = str(self.initial.get("shown_if") or "")
        if kept and kept not in dict(conditions):
            conditions.append((kept, kept))
        self.fields["shown_if"].choices = conditions  # type: ignore[attr-defined]
        for code in self.languages:
            name = LANGUAGES[code]
            self.fields[f"text_{code}"] = forms.CharField(
                label=f"Question in {name}",
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2, "lang": code}),
            )
        for code in self.languages:
            self.fields[f"options_{code}"] = forms.CharField(
                label=f"Options in {LANGUAGES[code]}",
                required=False,
                widget=forms.Textarea(attrs={"rows": 4, "lang": code}),
                help_text="For a choice: one a line, as code: words. The same codes in every"
                " language.",
            )
        first = [f"text_{code}" for code in self.languages]
        options = [f"options_{code}" for code in self.languages]
        self.order_fields([*first, "kind", *options, "code", "required", "shown_if"])

    def plan(self) -> QuestionPlan:
        """Give what was filled in.

        Raises
        ------
        UserError
            If a line of the options cannot be read.
        """
        given = self.cleaned_data
        code, _, answer = (given["shown_if"] or "").partition("=")
        return QuestionPlan(
            code=given["code"].strip(),
            kind=given["kind"],
            texts={each: given[f"text_{each}"].strip() for each in self.languages},
            options=self._options(),
            required=given["required"],
            shown_if=(code, answer) if code else None,
        )

    def _options(self) -> list[Option]:
        texts: dict[str, dict[str, str]] = {}
        for language in self.languages:
            for line in self.cleaned_data[f"options_{language}"].splitlines():
                code, colon, words = line.partition(":")
                if line.strip() and not (colon and code.strip() and words.strip()):
                    raise UserError(
                        f"write the option {line.strip()[:40]!r} as code: words",
                        field=f"options_{language}",
                    )
                if line.strip():
                    texts.setdefault(code.strip(), {})[language] = words.strip()
        return [Option(code, words) for code, words in texts.items()]


def initial_of_question(question: Question, languages: Sequence[str]) -> dict[str, Any]:
    """Give a question as its form shows it."""
    return {
        "kind": question.kind,
        "code": question.code,
        "required": question.required,
        "shown_if": "=".join(question.shown_if) if question.shown_if else "",
        **{f"text_{code}": question.texts.get(code, "") for code in languages},
        **{
            f"options_{code}": "\n".join(
                f"{option.code}: {option.texts.get(code, '')}" for option in question.options
            )
            for code in languages
        },
    }
