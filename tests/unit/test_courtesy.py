"""What rest a host gets."""

from __future__ import annotations

import pytest

from papers.courtesy import Courtesy, courtesy
from papers.errors import SourceForbidden


@pytest.mark.parametrize(
    "url", ["https://rss.arxiv.org/rss/cs.LG", "http://export.ARXIV.org/api/query?x=1", "https://arxiv.org./abs/1"]
)
def test_all_of_arxivs_hosts_share_one_turn_every_three_seconds(url: str) -> None:
    assert courtesy(url) == Courtesy("arxiv.org", 3.0)


@pytest.mark.parametrize("url", ["https://notarxiv.org/feed", "https://arxiv.org.example/feed"])
def test_a_host_that_only_looks_like_arxiv_is_any_host(url: str) -> None:
    assert courtesy(url).rest == 1.0


def test_hosts_are_told_apart_whatever_port_or_scheme() -> None:
    assert courtesy("http://Lab.org/a").host == courtesy("https://lab.org:8443/b").host == "lab.org"
    assert courtesy("http://blog.lab.org/a").host == "blog.lab.org"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/rss", "http://[::1]/rss", "http://localhost/rss"])
def test_this_very_machine_needs_no_rest(url: str) -> None:
    assert courtesy(url).rest == 0.0


def test_a_url_that_is_never_fetched_is_refused() -> None:
    with pytest.raises(SourceForbidden):
        courtesy("file:///etc/passwd")
