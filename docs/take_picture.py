"""Takes the README's pictures of posts from the program's own output: `python docs/take_picture.py`.

It runs the demo on a console that records, and keeps the posts of two channels for the terminal's picture. The same
delivery, rendered for Slack, is drawn from its blocks.
"""

from __future__ import annotations

import tempfile
from io import StringIO
from pathlib import Path

from rich.console import Console, RenderableType
from slack_picture import draw

from bot.slack.post import render_post
from cli import demo
from papers.model import Delivery, Paper
from papers.sample import days
from papers.sources.huggingface_json import parse_item

WIDTH = 92
SHOWN = ("efficient-llms", "image-generation")
ON_SLACK = "image-generation"
DOCS = Path(__file__).parent


def main() -> None:
    """Write docs/post.svg and docs/post-slack.svg."""
    posts: dict[str, tuple[Delivery, RenderableType]] = {}

    def keep(delivery: Delivery, rendered: RenderableType) -> None:
        if delivery.parent is None:
            posts[delivery.destination.channel] = delivery, rendered

    with tempfile.TemporaryDirectory() as folder:
        demo.play(Path(folder), Console(file=StringIO()), talk=False, show=keep)
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor")
    for channel in SHOWN:
        console.print(posts[channel][1])
        console.print()
    (DOCS / "post.svg").write_text(console.export_svg(title="paperboy demo"), encoding="utf-8")
    (DOCS / "post-slack.svg").write_text(_on_slack(posts[ON_SLACK][0]), encoding="utf-8")


def _on_slack(delivery: Delivery) -> str:
    """The delivery as Slack is sent it, drawn."""
    parsed = (parse_item(item) for listed in days(delivery.heading.day).values() for item in listed)
    papers = {paper.id: paper for paper in parsed if isinstance(paper, Paper)}
    return draw("Paperboy", "9:00 AM", render_post(delivery, papers).blocks)


if __name__ == "__main__":
    main()
