"""Takes the README's pictures of posts from the program's own output: `python docs/take_picture.py`.

It runs the demo on a console that records, and keeps the posts of two channels for the terminal's picture. The same
deliveries, rendered for Slack and for Discord, are drawn from their payloads.
"""

from __future__ import annotations

import tempfile
from io import StringIO
from pathlib import Path

import discord_picture
import slack_picture
from rich.console import Console, RenderableType

from bot.discord import post as discord_post
from bot.slack import post as slack_post
from cli import demo
from papers.model import Delivery, Paper
from papers.sample import days
from papers.sources.huggingface_json import parse_item

WIDTH = 92
SHOWN = ("efficient-llms", "image-generation")
ON_SLACK = "image-generation"
ON_DISCORD = "front-page"
DOCS = Path(__file__).parent


def main() -> None:
    """Write docs/post.svg, docs/post-slack.svg and docs/post-discord.svg."""
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
    (DOCS / "post-discord.svg").write_text(_on_discord(posts[ON_DISCORD][0]), encoding="utf-8")


def _on_slack(delivery: Delivery) -> str:
    """The delivery as Slack is sent it, drawn."""
    return slack_picture.draw("Paperboy", "9:00 AM", slack_post.render_post(delivery, _papers(delivery)).blocks)


def _on_discord(delivery: Delivery) -> str:
    """The delivery as Discord is sent it, drawn."""
    payload = discord_post.render_post(delivery, _papers(delivery)).payload()
    return discord_picture.draw("Paperboy", "Today at 9:00 AM", payload)


def _papers(delivery: Delivery) -> dict[str, Paper]:
    parsed = (parse_item(item) for listed in days(delivery.heading.day).values() for item in listed)
    return {paper.id: paper for paper in parsed if isinstance(paper, Paper)}


if __name__ == "__main__":
    main()
