"""Takes the README's picture of a post from the program's own output: `python docs/take_picture.py`.

It runs the demo on a console that records, and keeps the posts of two channels.
"""

from __future__ import annotations

import tempfile
from io import StringIO
from pathlib import Path

from rich.console import Console, RenderableType

from cli import demo
from papers.model import Delivery

WIDTH = 92
SHOWN = ("efficient-llms", "image-generation")
PICTURE = Path(__file__).parent / "post.svg"


def main() -> None:
    """Write docs/post.svg."""
    posts: dict[str, RenderableType] = {}

    def keep(delivery: Delivery, rendered: RenderableType) -> None:
        if delivery.parent is None:
            posts[delivery.destination.channel] = rendered

    with tempfile.TemporaryDirectory() as folder:
        demo.play(Path(folder), Console(file=StringIO()), talk=False, show=keep)
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor")
    for channel in SHOWN:
        console.print(posts[channel])
        console.print()
    PICTURE.write_text(console.export_svg(title="paperboy demo"), encoding="utf-8")


if __name__ == "__main__":
    main()
