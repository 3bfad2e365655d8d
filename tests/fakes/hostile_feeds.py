"""Feeds that were written, or are served, to cost their reader time, memory or its life: a family for each way.

`BODIES` are served as they are; `FAULTS` are ways of serving that `tests.fakes.upstream` knows. `serve` does either.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from tests.fakes.upstream import Upstream

MANY: Final = 100_000
"""Of whatever a family has many of; with fewer, they are what they are at a smaller cost."""


def _channel(inner: bytes) -> bytes:
    return b"<?xml version='1.0'?><rss version='2.0'><channel><title>T</title>" + inner + b"</channel></rss>"


def _item(inner: bytes) -> bytes:
    return _channel(b"<item><title>A Post</title>" + inner + b"</item>")


def _attributes(many: int) -> bytes:
    return _channel(b"<item><title " + b" ".join(b"a%d='x'" % i for i in range(2 * many)) + b">t</title></item>")


def _laughs(_: int) -> bytes:
    levels = b"".join(b"<!ENTITY %c '%s'>" % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(12))
    return b"<!DOCTYPE l [<!ENTITY a 'lol'>" + levels + b"]>" + _item(b"<description>&m;</description>")


def _noise(_: int) -> bytes:
    return b"<rss version='2.0'>" + random.Random(7).randbytes(200_000)  # noqa: S311 - not for secrets


BODIES: Final[dict[str, Callable[[int], bytes]]] = {
    "200,000 attributes": _attributes,
    "billion laughs": _laughs,
    "external entity": lambda _: b"<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + _item(b"<guid>&x;</guid>"),
    "elements 100,000 deep": lambda many: _item(b"<description>" + b"<b>" * many),
    "markup 30,000 deep": lambda many: _item(b"<description>" + b"&lt;div&gt;" * (many // 3) + b"</description>"),
    "CDATA of 4 MB": lambda many: _item(b"<description><![CDATA[" + b"x <b " * (8 * many) + b"]]></description>"),
    "100,000 entries": lambda many: _channel(b"<item><title>Post</title></item>" * many),
    "100,000 authors": lambda many: _item(b"<author>a</author>" * many),
    "title of 4 MB": lambda many: _channel(b"<item><title>" + b"word " * (8 * many) + b"</title></item>"),
    "50,000 namespaces": lambda many: _item(
        b"".join(b"<n%d:a xmlns:n%d='u:%d'/>" % (i, i, i) for i in range(many // 2))
    ),
    "comments of 4 MB": lambda many: _channel(b"<!-- x -->" * (4 * many)),
    "nul bytes": lambda many: b"\x00" * (10 * many),
    "charset that is another": lambda _: _item(b"<guid>1</guid>").decode().encode("utf-16"),
    "charset that there is not": lambda _: b"<?xml version='1.0' encoding='x-none'?>" + _item(b"")[21:],
    "dates that there are not": lambda _: _channel(
        b"<item><title>P</title><pubDate>99 Foo 99999</pubDate></item>" * 500
    ),
    "noise": _noise,
    "cut in a tag": lambda _: _item(b"<guid>1</guid>")[:-20],
    "a page": lambda many: b"<!doctype html><title>Hi</title>" + b"<a " * (15 * many),
}

FAULTS: Final = {
    "a byte now and then": "drip",
    "never an answer": "slow",
    "endless": "huge",
    "gzip bomb": "gzipbomb",
    "half an answer": "cut",
    "nothing": "empty",
    "redirects in a circle": "redirect",
}

FAMILIES: Final = (*BODIES, *FAULTS)


def serve(upstream: Upstream, family: str, path: str, many: int = MANY) -> str:
    """Serve a feed of that family at `path`; its URL."""
    if family in FAULTS:
        upstream.fail(FAULTS[family], path=path, times=None, location=path)
        return f"{upstream.url}{path}"
    return upstream.feed(path, BODIES[family](many))
