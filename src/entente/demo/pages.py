"""Pages that exist in the demo only: sign in by a link, read the mail that was caught."""

from __future__ import annotations

from email.message import EmailMessage

from django.conf import settings
from django.contrib.auth import login
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin

from entente.demo import mailbox
from entente.foundation.models import User
from entente.foundation.web.doors import page, public_page

SALT = "demo.sign-in"
VALID_S = 30 * 86_400
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def sign_in_path(user_id: object) -> str:
    """Give the address that signs a demo user in."""
    return f"/demo/sign-in/{signing.dumps(str(user_id), salt=SALT)}/"


@public_page(methods=("GET", "POST"))
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in as an invented person; does not exist outside the demo."""
    if not settings.IS_DEMO:
        raise Http404
    try:
        user = User.objects.get(id=signing.loads(token, salt=SALT, max_age=VALID_S), is_active=True)
    except (signing.BadSignature, User.DoesNotExist):
        raise Http404 from None
    login(request, user, backend=BACKEND)
    return redirect("/")


@page("home.read")
def mail(request: HttpRequest) -> HttpResponse:
    """Show the mail that left the platform and was caught on this machine."""
    if not settings.IS_DEMO:
        raise Http404
    before = request.GET.get("after", "")
    shown = mailbox.latest(50, before=before)
    context = {
        "messages_caught": shown,
        "n": mailbox.count(),
        "after": shown[-1].id if len(shown) == 50 else "",
    }
    return render(request, "demo/mail.html", context)


@page("home.read")
def message(request: HttpRequest, name: str) -> HttpResponse:
    """Show one caught message."""
    caught, mail = _opened(name)
    wanted = (
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
    )
    headers = [(header, str(mail[header])) for header in wanted if mail[header]]
    context = {"caught": caught, "headers": headers, "text": mailbox.text_of(mail)}
    return render(request, "demo/message.html", context)


@page("home.read")
@xframe_options_sameorigin
def body(request: HttpRequest, name: str) -> HttpResponse:
    """Give a caught message's HTML for the frame that shows it, with everything forbidden."""
    _, mail = _opened(name)
    answer = HttpResponse(mailbox.html_of(mail))
    answer["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:;"
        " frame-ancestors 'self'; sandbox"
    )
    return answer


def _opened(name: str) -> tuple[mailbox.Caught, EmailMessage]:
    if not settings.IS_DEMO:
        raise Http404
    try:
        return mailbox.open_message(name)
    except (FileNotFoundError, ValueError):
        raise Http404 from None
