"""In which language a person's own pages speak: as he chose, else as his browser asks.

Only these pages are translated; those for staff stay in English, so the choice holds for one
answer and no longer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

LANGUAGES = (("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español"))
CODES = tuple(code for code, _ in LANGUAGES)
View = Callable[..., HttpResponse]


def language_of(request: HttpRequest) -> str:
    """Give the language of one request: ``?lang=``, else ``Accept-Language``, else English."""
    asked = request.GET.get("lang") or request.POST.get("lang") or ""
    if asked in CODES:
        return asked
    for tag, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        code = tag.partition("-")[0]
        if code in CODES:
            return code
    return "en"


def speaking(view: View) -> View:
    """Answer in the language of the request; what the browser asks for varies the answer."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = language_of(request)
        request.languages = [  # type: ignore[attr-defined]
            {"code": code, "name": name, "is_current": code == language} for code, name in LANGUAGES
        ]
        with translation.override(language):
            answer = view(request, *args, **kwargs)
            answer["Content-Language"] = language
        request.LANGUAGE_CODE = language
        return answer

    return spoken
