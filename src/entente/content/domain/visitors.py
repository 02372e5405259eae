"""Who opens a hosted page: a person, or a program that follows every address it meets.

Programs are told by rules that anybody can read, below. They are counted apart, so that a
mail gateway which opens every link of a mailing does not look like an audience.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# Search engines, previews of messengers, mail gateways, and tools that fetch.
_PROGRAMS = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|scanner|monitor|fetch|facebookexternalhit"
    r"|googleimageproxy|whatsapp|mimecast|barracuda|proofpoint|urldefense|safelinks|symantec"
    r"|trendmicro|fireeye|ironport|sophos|forcepoint|cloudmark|headless|phantomjs|python|curl"
    r"|wget|libwww|java/|okhttp|go-http|axios|node-fetch|httpclient|ms-office|apache-http",
    re.I,
)


def is_program(method: str, headers: Mapping[str, str]) -> bool:
    """Tell whether a request comes from a program and not from a person's browser.

    It does if it is a HEAD; if it names no browser, or one of the known programs; if it says
    that it fetches ahead; or if it names no language, as every browser does.

    Parameters
    ----------
    headers : mapping
        Names in any case.

    Examples
    --------
    >>> browser = {"User-Agent": "Mozilla/5.0 (X11) Firefox/140.0", "Accept-Language": "de"}
    >>> is_program("GET", browser), is_program("HEAD", browser), is_program("GET", {})
    (False, True, True)
    """
    held = {name.lower(): value for name, value in headers.items()}
    agent = held.get("user-agent", "")
    ahead = held.get("sec-purpose", "") + held.get("purpose", "") + held.get("x-moz", "")
    return (
        method == "HEAD"
        or not agent
        or _PROGRAMS.search(agent) is not None
        or "prefetch" in ahead.lower()
        or not held.get("accept-language")
    )
