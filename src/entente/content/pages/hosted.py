"""What readers get at a hosted page's address: the words, or in plain words why not.

Every request is judged anew on what the database holds at that moment, and no answer may be
kept by anything on its way. The forms need no CSRF token: they change nothing that belongs to
whoever is signed in, and a page without a session needs no cookie of its own for them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt

from entente.content.actions import visits
from entente.content.domain.hosting import GONE, REGISTRATION_WORDS
from entente.content.domain.markup import visible_words
from entente.content.domain.pictures import code_of, with_data
from entente.content.domain.visitors import is_program
from entente.content.models import HostedCount, HostedPage
from entente.content.pages.tool_form import answer
from entente.content.reads import hosted as reads
from entente.content.reads import parts
from entente.foundation.access.scope import Scope, switched
from entente.foundation.errors import UserError
from entente.foundation.links import BadLink, EndedLink, open_link
from entente.foundation.web.doors import public_page

SALT = "hosted.declared.v1"
DECLARED_FOR = timedelta(hours=12)
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
What = HostedCount.What
# In whose scope, which page, for whom, and the address that everything below hangs on.
Door = tuple[Scope, UUID, UUID | None, str]


@dataclass(frozen=True)
class Visit:
    """A reader at a live page: where it is, whose link opened it, whether a program reads."""

    page: HostedPage
    base: str
    person_id: UUID | None
    is_program: bool
    at: datetime

    def count(self, what: str, n: int = 1) -> None:
        """Count for the page; what programs do is counted under their own name."""
        visits.count(self.page, What.ROBOT if self.is_program else what, on=self.at.date(), n=n)


def quiet(response: HttpResponse) -> HttpResponse:
    """Keep the page out of search engines, and its address out of the next site's referrer."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _shown(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    # An empty token keeps the shell from setting a cookie that nothing here needs.
    return quiet(
        render(request, f"content/{name}.html", {**context, "csrf_token": ""}, status=status)
    )


def unknown(request: HttpRequest) -> HttpResponse:
    """Answer alike whatever never was, is not yet, or is somebody else's."""
    return _shown(request, "hosted_unknown", {}, 404)


def gone(request: HttpRequest, reason: str, page: HostedPage | None = None) -> HttpResponse:
    """Say that there was something, and why it is no longer there."""
    return _shown(request, "hosted_gone", {"why": GONE[reason], "page": page}, 410)


def opens(*, methods: tuple[str, ...]) -> Callable[[Callable[..., HttpResponse]], Any]:
    """Declare a view that runs only while its page is live, in the scope of the page's owner."""

    def declare(view: Callable[..., HttpResponse]) -> Any:
        @csrf_exempt
        @public_page(methods=methods)
        @wraps(view)
        def guarded(
            request: HttpRequest, *, slug: str = "", token: str = "", **rest: Any
        ) -> HttpResponse:
            at = datetime.now(UTC)
            try:
                found = _door(slug, token, at)
            except EndedLink as ended:
                return gone(request, "revoked" if ended.is_revoked else "link_over")
            if found is None:
                return unknown(request)
            scope = found[0]
            with switched(scope):
                try:
                    return _judged(request, view, found, at, rest)
                except ObjectDoesNotExist:
                    return unknown(request)

        return guarded

    return declare


def _judged(
    request: HttpRequest,
    view: Callable[..., HttpResponse],
    found: Door,
    at: datetime,
    rest: dict[str, Any],
) -> HttpResponse:
    _, page_id, person_id, base = found
    judged = reads.for_visitor(page_id, at)
    if judged.is_hidden:
        return unknown(request)
    if not judged.is_live:
        return gone(request, judged.reason, judged.page)
    program = is_program(str(request.method), dict(request.headers))
    return view(request, Visit(judged.page, base, person_id, program, at), **rest)


def _door(slug: str, token: str, at: datetime) -> Door | None:
    if token:
        try:
            opened = open_link(reads.PURPOSE, token, at=at)
        except EndedLink:
            raise
        except BadLink:
            return None
        return opened.scope, opened.object_id, opened.person_id, f"/hl/{token}/"
    door = reads.door_of(slug)
    if door is None:
        return None
    return Scope(org_id=door[0], actor_name="public:hosted"), door[1], None, f"/h/{slug}/"


def _cookie(page: HostedPage) -> str:
    return f"declared-{page.id.hex}"


def _has_declared(request: HttpRequest, page: HostedPage) -> bool:
    if not page.asks_declaration:
        return True
    try:
        signed = request.COOKIES.get(_cookie(page), "")
        return bool(signing.loads(signed, salt=SALT, max_age=DECLARED_FOR) == page.id.hex)
    except signing.BadSignature:
        return False


def _asked_first(request: HttpRequest, visit: Visit, **more: Any) -> HttpResponse:
    if visit.is_program:
        visit.count(What.ROBOT)
    return _shown(request, "hosted_gate", {"page": visit.page, "base": visit.base, **more})


@opens(methods=("GET", "POST"))
def read(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show the words; a POST declares, declines, or leaves a name."""
    act = request.POST.get("act", "") if request.method == "POST" else ""
    if act == "declare":
        return _declared(visit)
    if act == "decline":
        visit.count(What.DECLINED)
        return _asked_first(request, visit, declined=True)
    if not _has_declared(request, visit.page):
        return _asked_first(request, visit)
    if act == "register":
        return _registered(request, visit)
    visit.count(What.VIEW)
    return _words(request, visit)


def _declared(visit: Visit) -> HttpResponse:
    """Remember for this browser session, and for this page alone, what its reader said."""
    visit.count(What.DECLARED)
    response = redirect(visit.base)
    response.set_cookie(
        _cookie(visit.page),
        signing.dumps(visit.page.id.hex, salt=SALT),
        path=visit.base,
        httponly=True,
        secure=settings.SECURE_SITE,
        samesite="Lax",
    )
    return quiet(response)


def _registered(request: HttpRequest, visit: Visit) -> HttpResponse:
    try:
        visits.register_interest(
            visit.page,
            name=request.POST.get("name", ""),
            email=request.POST.get("email", ""),
            person_id=visit.person_id,
            at=visit.at,
        )
    except UserError as wrong:
        return _words(request, visit, status=422, wrong=wrong)
    return _words(request, visit, registered=True)


def _words(request: HttpRequest, visit: Visit, *, status: int = 200, **more: Any) -> HttpResponse:
    version = visit.page.version
    read, pictures = visible_words(version.html), parts.pictures_in(version)
    files = parts.attachments_of(version.id)
    context = {
        "page": visit.page,
        "version": version,
        "base": visit.base,
        "has_heading": "<h1" in version.html,
        # In the words already, if the check before the submission saw it there.
        "words": with_data(version.html, pictures),
        "support": "" if version.support_statement in read else version.support_statement,
        # What the words show is not offered once more as a file.
        "files": [each for each in files if code_of(each.name) not in pictures],
        "tools": parts.tools_of(version.id),
        "registration_words": REGISTRATION_WORDS,
        "typed": request.POST,
        **more,
    }
    return _shown(request, "hosted_page", context, status)


@opens(methods=("GET",))
def download(request: HttpRequest, visit: Visit, attachment_id: UUID) -> HttpResponse:
    """Give a file of the version, as a file: no browser opens it in this site's name."""
    if not _has_declared(request, visit.page):
        return redirect(visit.base)
    file = parts.attachment(visit.page.version_id, attachment_id)
    visit.count(What.DOWNLOAD)
    response = HttpResponse(bytes(file.data), content_type=file.media_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    response["Content-Security-Policy"] = FILE_POLICY
    return quiet(response)


@opens(methods=("GET", "POST"))
def use(request: HttpRequest, visit: Visit, tool_id: UUID) -> HttpResponse:
    """Show an interactive item; a POST answers what was entered and keeps none of it."""
    if not _has_declared(request, visit.page):
        return redirect(visit.base)
    kept = parts.tool_of(visit.page.version_id, tool_id)
    shown = answer(parts.read_kept(kept), request.POST if request.method == "POST" else None)
    if request.method == "POST" and shown.is_complete:
        visit.count(What.TOOL_USE)
    context = {
        "page": visit.page,
        "base": visit.base,
        "tool": kept,
        "shown": shown,
        "claims": parts.claims_for(shown.tool, shown.step),
    }
    return _shown(request, "hosted_tool", context)


@opens(methods=("POST",))
def time_read(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take the seconds for which the page was in view, as its own script tells them."""
    told = request.POST.get("seconds", "")
    if not visit.is_program and told.isascii() and told.isdecimal() and len(told) < 6:
        first = request.POST.get("first") == "1"
        visits.count_time(visit.page, seconds=int(told), is_first=first, on=visit.at.date())
    return quiet(HttpResponse(status=204))
