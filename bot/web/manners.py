"""How a feed is answered for by HTTP: validators, 304, gzip, and who asks. Pure, but for what it reads of a request.

Caching is RFC 9111's, conditional requests are RFC 9110's, section 13.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from http import HTTPStatus
from ipaddress import ip_address
from typing import Final

from aiohttp import web

MAX_AGE: Final = 900
"""Seconds that a reader need not ask again."""

PRIVATE: Final = {
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'",
}
"""Of every answer: its address is a secret, and nothing of it is to run in a browser."""


@dataclass(frozen=True, slots=True)
class Document:
    """A body, compressed and not; `tag` is weak, for both are the same to whoever has either."""

    body: bytes
    zipped: bytes
    kind: str
    modified: datetime
    tag: str

    @classmethod
    def of(cls, body: bytes, kind: str, modified: datetime) -> Document:
        """Made once, sent often; `modified` is cut to the second, as HTTP has no finer dates."""
        modified = modified.astimezone(UTC).replace(microsecond=0)
        return cls(body, gzip.compress(body, mtime=0), kind, modified, sha256(body).hexdigest()[:32])


def answer(document: Document, request: web.Request) -> web.Response:
    """The document, or word that the asker has it already."""
    headers = {
        **PRIVATE,
        "Cache-Control": f"private, max-age={MAX_AGE}",
        "ETag": f'W/"{document.tag}"',
        "Last-Modified": format_datetime(document.modified, usegmt=True),
        "Vary": "Accept-Encoding",
    }
    if is_known(document, request):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    body = document.body
    if takes_gzip(request.headers.get("Accept-Encoding", "")):
        body, headers["Content-Encoding"] = document.zipped, "gzip"
    headers["Content-Type"] = f"{document.kind}; charset=utf-8"
    return web.Response(body=body, headers=headers)


def refusal(status: HTTPStatus, told: str, **headers: str) -> web.Response:
    """What is told instead, which nobody is to keep."""
    return web.Response(status=status, text=f"{told}\n", headers={**PRIVATE, "Cache-Control": "no-store", **headers})


def is_known(document: Document, request: web.Request) -> bool:
    """Whether the request names what the document is; its date is only looked at where it gives no tag."""
    tags = request.if_none_match
    if tags is not None:
        return any(tag.value in {"*", document.tag} for tag in tags)
    since = request.if_modified_since
    return since is not None and document.modified <= since


def takes_gzip(accepted: str) -> bool:
    """Whether `Accept-Encoding` asks for gzip by name: a quality of 0 asks for anything else."""
    for part in accepted.lower().split(","):
        coding, _, quality = part.replace(" ", "").partition(";q=")
        if coding in {"gzip", "x-gzip"}:
            return not quality or bool(quality.strip("0."))
    return False


def client(request: web.Request) -> str:
    """Who asks: the peer or, where that is a proxy of ours on a private address, whom the proxy last wrote down."""
    peer = request.remote or ""
    try:
        is_ours = ip_address(peer).is_private
    except ValueError:
        return peer
    forwarded = request.headers.getall("X-Forwarded-For", [])
    return forwarded[-1].rpartition(",")[2].strip() if is_ours and forwarded else peer
