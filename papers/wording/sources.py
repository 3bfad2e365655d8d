"""Feeds and sources as readers know them."""

from __future__ import annotations

from papers.text import clean


def source_name(source: str) -> str:
    """A source as readers know it: `Hugging Face`, `arXiv`, else its feed's host."""
    if source == "huggingface":
        return "Hugging Face"
    host = bare_url(source).partition("/")[0]
    return "arXiv" if host in {"arxiv", "arxiv.org"} or host.endswith(".arxiv.org") else host


def bare_url(url: str) -> str:
    """An address without scheme, `www.` and trailing slash: to be read, not to be followed."""
    return clean(url).partition("://")[2].removeprefix("www.").rstrip("/") or clean(url)
