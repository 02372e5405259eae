"""Forms of the room: what a person types, before an action judges it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.forms import Form

from entente.content.actions import Words
from entente.content.actions.write import AUDIENCES, CHANNELS
from entente.content.domain.holds import HOLDS
from entente.content.domain.lanes import ORDER, Lane
from entente.content.domain.lanes import WORDS as LANE_WORDS
from entente.content.domain.modules import KIND_WORDS, ModuleKind, Rules
from entente.content.domain.panels import WORDS as FUNCTION_WORDS
from entente.content.domain.panels import Function
from entente.content.models import Filing, Item, Version
from entente.content.reads import claims, modules
from entente.content.reads.panels import Duty
from entente.content.reads.studies import studies_with_results
from entente.directory import reads as directory
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.identifiers import is_country
from entente.foundation.errors import UserError

AUDIENCE_WORDS = dict(
    zip(
        AUDIENCES,
        ("Health professionals", "Organisations", "Patients", "The public", "Payers", "Partners"),
        strict=True,
    )
)
CHANNEL_WORDS = dict(
    zip(
        CHANNELS,
        ("E-mail", "In person", "Web page", "Post", "Telephone", "SMS", "App", "Social media"),
        strict=True,
    )
)
MOST_PARTS = 20
RULE_WORDS = {
    "needs": "Needs in the same item",
    "needs_next": "Has to be followed by one of",
    "never_with": "Never in one item with",
    "never_next_to": "Never next to",
}
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def blame(form: Form, wrong: UserError) -> None:
    """Put an action's refusal next to the field at fault, or above the form."""
    form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))


class ItemForm(forms.Form):
    """A new item."""

    title = forms.CharField(max_length=200)
    kind = forms.ChoiceField(choices=Item.Kind.choices)
    product = forms.ChoiceField(required=False, help_text="Promotion always names its product.")
    module_kind = forms.ChoiceField(
        required=False,
        label="Module",
        choices=[("", "No: it goes out itself"), *((k.value, w) for k, w in KIND_WORDS.items())],
        help_text="A module is a block that items are built from.",
    )
    language = forms.CharField(
        required=False, max_length=2, initial="en", help_text="A code such as en or de."
    )
    partners = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Partners whose name stands on it",
        help_text="Each of them has to approve every version before it leaves.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = current_scope().org_id
        products = [(str(p.id), p.name) for p in directory.products()]
        partners = [(str(o.id), o.name) for o in directory.organisations_visible() if o.id != own]
        self.fields["product"].choices = [("", "None"), *products]  # type: ignore[attr-defined]
        self.fields["partners"].choices = partners  # type: ignore[attr-defined]


class VersionForm(forms.Form):
    """The words of a version."""

    subject = forms.CharField(max_length=200)
    html = forms.CharField(
        required=False,
        label="HTML",
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "true"}),
        help_text="Words, links, lists and tables. Scripts, forms, styles and images are taken"
        " out. Merge fields: {{given_name}}, {{family_name}}, {{unsubscribe_url}},"
        " {{preferences_url}}, {{survey_url}} where a survey about the item is open.",
    )
    text = forms.CharField(
        required=False,
        label="Text form",
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="For readers of text.",
    )
    markets = forms.CharField(help_text="Country codes with blanks between them, such as US CA.")
    audiences = forms.MultipleChoiceField(
        choices=list(AUDIENCE_WORDS.items()), widget=forms.CheckboxSelectMultiple
    )
    channels = forms.MultipleChoiceField(
        choices=list(CHANNEL_WORDS.items()), widget=forms.CheckboxSelectMultiple
    )
    expires_on = forms.DateField(label="Last day", widget=DAY, help_text="At most 24 months away.")
    support_statement = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What each party contributed; it names all of them and stands in both forms.",
    )
    claims = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    holds = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="What it holds",
        choices=[(code, words) for code, (words, _) in HOLDS.items()],
        help_text="The gate asks about each; what is not ticked counts as not there."
        " Reviewers sign for it too.",
    )

    def __init__(self, *args: Any, module: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [
            c for c in claims() if c.withdrawn_at is None and c.org_id == current_scope().org_id
        ]
        self.fields["claims"].choices = [  # type: ignore[attr-defined]
            (str(c.id), f"{c.text} ({c.market}{', ' + c.label_section if c.label_section else ''})")
            for c in known
        ]
        self.is_module = module
        if module:
            self._ask_rules()
        else:
            self._ask_parts()

    def _ask_parts(self) -> None:
        """Offer a place per module, two more than are filled."""
        self.part_fields: list[str] = []
        released = modules.released_modules(on=datetime.now(UTC).date())
        if not released:
            return
        choices = [("", "None")] + [
            (str(v.id), f"{KIND_WORDS[ModuleKind(v.item.module_kind)]}: {v.item.title}")
            for v in released
        ]
        filled = [name for name in self.data if name.startswith("part_") and self.data[name]]
        n_places = max(4, 2 + max(len(filled), len(self.initial.get("parts", []))))
        for place in range(min(n_places, MOST_PARTS)):
            name = f"part_{place + 1}"
            self.fields[name] = forms.ChoiceField(
                required=False, choices=choices, label=f"Module {place + 1}"
            )
            given = self.initial.get("parts", [])
            self.fields[name].initial = given[place] if place < len(given) else ""
            self.part_fields.append(name)

    def _ask_rules(self) -> None:
        """Ask what else has to stand, or must not stand, in an item with this module."""
        names = [(str(item.id), item.title) for item in modules.module_items()]
        for rule, label in RULE_WORDS.items():
            self.fields[rule] = forms.MultipleChoiceField(
                required=False,
                choices=names,
                label=label,
                widget=forms.CheckboxSelectMultiple,
                initial=self.initial.get("rules", {}).get(rule, []),
            )
        self.fields["most"] = forms.IntegerField(
            min_value=1,
            max_value=20,
            label="How often in one item",
            initial=self.initial.get("rules", {}).get("most", 1),
        )

    def clean_markets(self) -> list[str]:
        """Read country codes."""
        codes: list[str] = self.cleaned_data["markets"].upper().replace(",", " ").split()
        unknown = [code for code in codes if not is_country(code)]
        if unknown:
            raise forms.ValidationError(f"{', '.join(unknown)}: no such country code.")
        return codes

    def clean(self) -> dict[str, Any]:
        """Ask for words where no module brings them."""
        given: dict[str, Any] = super().clean() or {}
        if not self._parts():
            for name in ("html", "text"):
                if not given.get(name, "").strip():
                    self.add_error(name, "Write it, or choose modules that say it.")
        return given

    def _parts(self) -> list[UUID]:
        if self.is_module:
            return []
        chosen = [self.cleaned_data.get(name) for name in self.part_fields]
        return [UUID(each) for each in chosen if each]

    @staticmethod
    def from_version(version: Version) -> dict[str, Any]:
        """Give the form's first values from a version."""
        parts = [str(each) for each in version.parts.values_list("module_version_id", flat=True)]
        return {
            "subject": version.subject,
            "html": version.html,
            "text": version.text,
            "markets": " ".join(version.markets),
            "audiences": version.audiences,
            "channels": version.channels,
            "expires_on": version.expires_on,
            "support_statement": version.support_statement,
            "holds": version.holds or [],
            "claims": [str(use.claim_id) for use in version.claim_uses.all()],
            "parts": parts,
            "rules": version.rules,
        }

    def words(self) -> Words:
        """Give what was typed as the action takes it."""
        named = (
            "subject", "html", "text", "markets", "audiences", "channels", "expires_on",
            "support_statement", "holds",
        )  # fmt: skip
        given = {name: self.cleaned_data[name] for name in named}
        rules = None
        if self.is_module:
            rules = Rules.from_data({n: self.cleaned_data[n] for n in (*RULE_WORDS, "most")})
        return Words(
            claim_ids=[UUID(each) for each in self.cleaned_data["claims"]],
            parts=self._parts(),
            rules=rules,
            **given,
        )


class VerdictForm(forms.Form):
    """A reviewer's verdict; the password signs it."""

    verdict = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[
            ("approve", "Approve: release this version as it is"),
            ("approve_with_changes", "Approve once the changes I name are made"),
            ("refuse", "Refuse"),
        ],
    )
    function = forms.ChoiceField(required=False, label="You sign as")
    markets = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="For these countries",
        help_text="Take the tick from a country for which you do not approve it.",
    )
    comment = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What has to change; needed for every verdict but approval.",
    )
    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Your password signs the bytes you see here.",
    )

    def __init__(self, duties: Sequence[Duty], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [
            (
                duty.function,
                FUNCTION_WORDS[Function(duty.function)]
                + (f", standing in for {duty.deputy_for}" if duty.deputy_for else ""),
            )
            for duty in duties
        ]
        countries = sorted({country for duty in duties for country in duty.countries})
        self.fields["function"].choices = words  # type: ignore[attr-defined]
        self.fields["markets"].choices = [(c, c) for c in countries]  # type: ignore[attr-defined]
        self.fields["markets"].initial = countries
        if len(words) < 2:
            self.fields["function"].widget = forms.HiddenInput()
            self.fields["function"].initial = words[0][0] if words else ""
        if len(countries) < 2:
            self.fields["markets"].widget = forms.MultipleHiddenInput()


class LaneForm(forms.Form):
    """A stricter lane."""

    lane = forms.ChoiceField(label="Lane")
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, now_in: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stricter = ORDER[ORDER.index(Lane(now_in)) + 1 :] if now_in in set(Lane) else ()
        self.fields["lane"].choices = [  # type: ignore[attr-defined]
            (lane.value, LANE_WORDS[lane][0]) for lane in stricter
        ]


class RemarkForm(forms.Form):
    """A remark on words of the version."""

    quote = forms.CharField(
        max_length=500, label="The words you mean", help_text="As they stand in the version."
    )
    remark = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))


class FilingForm(forms.Form):
    """That the version was filed with an authority."""

    authority = forms.ChoiceField(choices=Filing.Authority.choices)
    filed_on = forms.DateField(label="Filed on", widget=DAY)
    reference = forms.CharField(max_length=200, help_text="As the authority confirmed it.")


class ClaimForm(forms.Form):
    """A claim with its first reference."""

    text = forms.CharField(max_length=1500, widget=forms.Textarea(attrs={"rows": 3}), label="Claim")
    product = forms.ChoiceField(required=False)
    market = forms.CharField(max_length=2, help_text="Country code, such as US.")
    in_label = forms.BooleanField(required=False, label="The label says it")
    label_section = forms.CharField(max_length=100, required=False)
    expires_on = forms.DateField(required=False, widget=DAY, label="Holds until")
    title = forms.CharField(max_length=300, label="Reference")
    source = forms.CharField(max_length=300, help_text="Journal, registry or document.")
    anchor = forms.CharField(max_length=100, label="Place", help_text="Page, table or figure.")
    url = forms.URLField(required=False, label="Address", assume_scheme="https")

    study_id = forms.ChoiceField(
        required=False, label="Study", help_text="If it reports the result of one on record."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        products = [(str(p.id), p.name) for p in directory.products()]
        self.fields["product"].choices = [("", "None"), *products]  # type: ignore[attr-defined]
        known = [(str(each.id), str(each)) for each in studies_with_results()]
        self.fields["study_id"].choices = [("", "None"), *known]  # type: ignore[attr-defined]

    def clean_market(self) -> str:
        """Read a country code."""
        return str(self.cleaned_data["market"]).upper()
