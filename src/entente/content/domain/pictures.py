"""Pictures in the words of an item: files of the version itself, never loaded from elsewhere."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass

LARGEST_IN_MAIL = 300 * 1024
"""Bytes of all pictures of an e-mail; larger letters are slow, and look like spam."""

_SOURCE = re.compile(r'(<img\b[^>]*?\bsrc=")cid:([^"]*)(")')


@dataclass(frozen=True)
class Picture:
    """An image file of a version.

    Parameters
    ----------
    code : str
        The name by which the words point at it, after ``cid:``.
    media_type : str
        What its bytes are, such as ``image/png``.
    """

    code: str
    media_type: str
    data: bytes


def code_of(name: str) -> str:
    """Give the name by which words point at a file.

    Examples
    --------
    >>> code_of("Curve of LDL.png")
    'Curve-of-LDL.png'
    """
    return name.replace(" ", "-")


def named(html: str) -> list[str]:
    """Give the codes of the pictures in sanitised HTML, each once, in order.

    Examples
    --------
    >>> named('<p><img src="cid:a.png" alt="A"> <img alt="B" src="cid:b.png"></p>')
    ['a.png', 'b.png']
    """
    return list(dict.fromkeys(code for _, code, _ in _SOURCE.findall(html)))


def with_data(html: str, pictures: Mapping[str, Picture]) -> str:
    """Give sanitised HTML with the pictures themselves in it, for a page that loads nothing.

    One that is not there is left empty, so that its alternative text is read.

    Examples
    --------
    >>> with_data('<img src="cid:a.png">', {"a.png": Picture("a.png", "image/png", b"x")})
    '<img src="data:image/png;base64,eA==">'
    """

    def shown(match: re.Match[str]) -> str:
        picture = pictures.get(match.group(2))
        if picture is None:
            return f"{match.group(1)}data:,{match.group(3)}"
        data = b64encode(picture.data).decode()
        return f"{match.group(1)}data:{picture.media_type};base64,{data}{match.group(3)}"

    return _SOURCE.sub(shown, html)
