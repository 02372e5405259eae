"""Pages on paper: HTML of ours as PDF, with our typeface and nothing from elsewhere."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import plutoprint

from entente.foundation.web.fonts import FILES, FOLDER

_FACES = {
    "Regular": (400, "normal"),
    "It": (400, "italic"),
    "Semibold": (600, "normal"),
    "Bold": (700, "normal"),
}
_FONTS = "".join(
    f"@font-face{{font-family:Sans;font-weight:{weight};font-style:{style};"
    f"src:url({(FOLDER / f'SourceSansPro-{name}.ttf').as_uri()})}}"
    for name, (weight, style) in _FACES.items()
)
_PAGE = (
    "@page{size:A4;margin:22mm 18mm;@bottom-right{content:counter(page) ' / ' counter(pages);"
    "font:9pt Sans}}html{font:10.5pt/1.45 Sans;color:#1b1f24}h1{font-size:18pt;margin:0 0 4pt}"
    "h2{font-size:12pt;margin:14pt 0 4pt}table{width:100%;border-collapse:collapse}"
    "th,td{text-align:left;vertical-align:top;padding:3pt 6pt 3pt 0}"
    "tr{border-bottom:.5pt solid #c9ced6}"
    "thead{display:table-header-group}code{font-size:8pt;word-break:break-all}"
    ".muted{color:#5a6472}.fixed{table-layout:fixed}"
)
_ALLOWED = frozenset((FOLDER / name).as_uri() for name in FILES)


class _Fetcher(plutoprint.ResourceFetcher):
    """Gives the typeface and refuses everything else: a document asks nobody for anything."""

    def fetch_url(self, url: str) -> Any:
        """Read one of our fonts."""
        if url not in _ALLOWED:
            raise ValueError("a document loads nothing from elsewhere")
        return plutoprint.default_resource_fetcher.fetch_url(url)


def pdf_of(html: str, *, made_at: datetime | None = None) -> bytes:
    """Give a document as PDF.

    Parameters
    ----------
    html : str
        Rendered by a template of ours, so that what people wrote is escaped.
    made_at : datetime, optional
        The moment that stands in the file as its making; with it the same document gives the
        same bytes.

    Returns
    -------
    bytes
    """
    book = plutoprint.Book(plutoprint.PAGE_SIZE_A4, plutoprint.PAGE_MARGINS_NORMAL)
    book.custom_resource_fetcher = _Fetcher()
    book.load_html(html, user_style=_FONTS + _PAGE)
    if made_at is not None:
        # Only now: loading the document sets its metadata anew.
        for name in (
            plutoprint.PDF_METADATA_CREATION_DATE,
            plutoprint.PDF_METADATA_MODIFICATION_DATE,
        ):
            book.set_metadata(name, f"{made_at:%Y-%m-%dT%H:%M:%SZ}")
    sheet = BytesIO()
    book.write_to_pdf_stream(sheet)
    return sheet.getvalue()
