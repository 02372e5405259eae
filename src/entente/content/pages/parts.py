"""Files and interactive items of a version, for those who write and review it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from entente.content import actions
from entente.content import reads as content
from entente.content.domain.pictures import code_of
from entente.content.domain.tools import KIND_WORDS
from entente.content.models import Attachment, Tool, Version
from entente.content.pages.forms import blame
from entente.content.pages.hosted import FILE_POLICY
from entente.content.pages.hosting_forms import FileForm, ToolForm
from entente.content.pages.tool_form import answer
from entente.content.reads import hosted, parts
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.doors import page


def _may_change(version: Version) -> bool:
    scope = current_scope()
    mine = version.org_id == scope.org_id
    return mine and version.status == "draft" and "content.write" in scope.may


def parts_panel(request: HttpRequest, version: Version) -> dict[str, Any] | None:
    """Give what the panel of files and interactive items shows; nothing where there are none."""
    files, tools = parts.attachments_of(version.id), parts.tools_of(version.id)
    may = _may_change(version)
    if not (files or tools or may):
        return None
    rows = [(each, KIND_WORDS.get(each.kind, each.kind)) for each in tools]
    shown = [(each, _picture_code(each)) for each in files]
    return {"files": shown, "tools": rows, "may_change": may, "file_form": FileForm()}


def _picture_code(file: Attachment) -> str:
    """Give the name by which words show a file; nothing for what is no image."""
    return code_of(file.name) if file.media_type.startswith("image/") else ""


def hosting_panel(request: HttpRequest, version: Version) -> dict[str, Any] | None:
    """Give what the panel of hosted pages shows; nothing for what is not for the web."""
    from entente.content.domain.hosting import WORDS

    found = hosted.hosted_pages(datetime.now(UTC), version_id=version.id)
    scope = current_scope()
    may = (
        version.org_id == scope.org_id
        and version.status == "approved"
        and "web" in version.channels
        and "content.publish" in scope.may
    )
    if not (found or may):
        return None
    return {"pages": [(each.page, WORDS[each.state]) for each in found], "may_publish": may}


@page("content.write", methods=("POST",))
def attach(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Put a file into a draft."""
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data["file"]
        try:
            actions.attach_file(
                version_id,
                name=given.name,
                description=form.cleaned_data["description"],
                data=given.read(),
                at=datetime.now(UTC),
            )
        except UserError as wrong:
            messages.error(request, str(wrong))
        else:
            messages.success(request, "The file is part of the draft.")
    else:
        messages.error(request, "Choose a file and say what it is.")
    return redirect("content:version", version_id)


@page("content.read")
def file(request: HttpRequest, version_id: UUID, attachment_id: UUID) -> HttpResponse:
    """Give a file of a version that one may see."""
    found = parts.attachment(version_id, attachment_id)
    response = HttpResponse(bytes(found.data), content_type=found.media_type)
    response["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    response["Content-Security-Policy"] = FILE_POLICY
    return response


@page("content.write", methods=("POST",))
def remove_file(request: HttpRequest, version_id: UUID, attachment_id: UUID) -> HttpResponse:
    """Take a file out of a draft."""
    try:
        actions.remove_file(attachment_id, at=datetime.now(UTC))
    except UserError as wrong:
        messages.error(request, str(wrong))
    return redirect("content:version", version_id)


@page("content.read", methods=("GET", "POST"))
def tool(request: HttpRequest, tool_id: UUID) -> HttpResponse:
    """Show an interactive item as readers get it, with its cases; a POST tries it."""
    kept = parts.tool(tool_id)
    shown = answer(parts.read_kept(kept), request.POST if request.method == "POST" else None)
    context = {
        "tool": kept,
        "kind": KIND_WORDS.get(kept.kind, kept.kind),
        "version": kept.version,
        "shown": shown,
        "claims": parts.claims_for(shown.tool, shown.step),
        "problems": parts.problems_of(kept),
        "n_cases": len(shown.tool.works.cases),
        "definition": json.dumps(kept.body, indent=2, ensure_ascii=False),
        "may_change": _may_change(kept.version),
    }
    return render(request, "content/tool.html", context)


@page("content.write", methods=("GET", "POST"))
def tool_new(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Put an interactive item into a draft."""
    return _written(request, content.version(version_id), None)


@page("content.write", methods=("GET", "POST"))
def tool_edit(request: HttpRequest, tool_id: UUID) -> HttpResponse:
    """Change an interactive item of a draft."""
    kept = parts.tool(tool_id)
    return _written(request, kept.version, kept)


def _written(request: HttpRequest, version: Version, kept: Tool | None) -> HttpResponse:
    begun = json.dumps(kept.body, indent=2, ensure_ascii=False) if kept else ""
    form = ToolForm(request.POST or None, initial={"body": begun})
    if form.is_valid():
        try:
            made = actions.save_tool(
                version.id,
                form.cleaned_data["body"],
                at=datetime.now(UTC),
                instead_of=kept.id if kept else None,
            )
        except UserError as wrong:
            blame(form, wrong)
        else:
            return redirect("content:tool", made.id)
    context = {"form": form, "version": version, "tool": kept}
    return render(request, "content/tool_write.html", context, status=422 if form.errors else 200)


@page("content.write", methods=("POST",))
def tool_remove(request: HttpRequest, tool_id: UUID) -> HttpResponse:
    """Take an interactive item out of a draft."""
    kept = parts.tool(tool_id)
    try:
        actions.remove_tool(tool_id, at=datetime.now(UTC))
    except UserError as wrong:
        messages.error(request, str(wrong))
    return redirect("content:version", kept.version_id)
