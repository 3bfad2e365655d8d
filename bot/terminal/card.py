"""A paper in the terminal: linked title, what it found, who and where, and why it is here.

Every text of a paper becomes a `rich.text.Text`, never a markup string, after `papers.text.clean`: neither `[red]`
nor an escape sequence in a title does anything here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text

from papers import emphasis
from papers.answers.card import Card
from papers.emphasis import sought
from papers.model import Paper, Reason
from papers.text import clean
from papers.wording.authors import authors_text
from papers.wording.badges import card_badges, summary_label
from papers.wording.reasons import reason_parts
from papers.wording.sources import bare_url

# Only the terminal's own colours, and no background: they suit whichever theme the reader chose.
QUIET: Final = Style(dim=True)
STRONG: Final = Style(bold=True)
ACCENT: Final = Style(color="cyan")
GOOD: Final = Style(color="green")
WARNING: Final = Style(color="yellow")
BAD: Final = Style(color="red")

WIDTH: Final = 100
"""Columns at most: it is hard to find back to the next line from the end of a longer one."""

INDENT: Final = 2
_MAX_SHOWN_URL: Final = 48
_SEPARATOR: Final = " · "


def line(text: str, style: Style | None = None) -> Text:
    """Text that is not ours, as one harmless line."""
    return Text(clean(text), style=style or Style.null())


def unbroken(text: str, style: Style) -> Text:
    """The same for what is to be copied: a terminal folds it where it must, and then still copies one line."""
    return Text(clean(text), style=style, no_wrap=True, overflow="ignore")


def joined(parts: Iterable[Text], separator: str = _SEPARATOR) -> Text:
    """The parts that hold something, on one line."""
    return Text(separator, style=QUIET).join(part for part in parts if part)


def indented(body: RenderableType, by: int = INDENT) -> Padding:
    """`body`, set in from the left."""
    return Padding(body, (0, 0, 0, by), expand=False)


def done(what: str, label: str = "") -> Text:
    """That something was done, and with what."""
    return joined((Text("✓", style=GOOD), line(what, STRONG), line(label, ACCENT)), " ")


def columns(rows: Iterable[tuple[Text, ...]], *, grows: int) -> Table:
    """Aligned columns without lines; the column `grows` takes the width that is left, and wraps."""
    table = Table.grid(padding=(0, 2))
    for index, row in enumerate(rows):
        if index == 0:
            for column in range(len(row)):
                table.add_column(ratio=1 if column == grows else None, no_wrap=column != grows)
        table.add_row(*row)
    return table


def render_card(card: Card, mark: str = "•") -> RenderableType:
    """A compact card; `mark` stands before the title, a rank or a bullet."""
    label = summary_label(card)
    known_by = (*card_badges(card, named=card.by if label else ""), _name(card.paper))
    told = (line(label, QUIET), line(authors_text(card.paper)))
    facts = joined((*told, *(line(badge, QUIET) for badge in known_by)))
    return marked(mark, title(card.paper), _summary(card), facts, reasons_line(card.reasons))


def _summary(card: Card) -> Text:
    """The words that were asked for are emphasised."""
    said = emphasis.parts(clean(card.summary), sought(card.reasons))
    return Text.assemble(*((text, STRONG if is_strong else Style.null()) for text, is_strong in said))


def render_abstract(paper: Paper) -> RenderableType:
    """A paper's title and its whole abstract."""
    return marked("•", title(paper), line(paper.abstract or "No abstract."))


def spaced(parts: Iterable[RenderableType]) -> Group:
    """The parts below one another, an empty line between two."""
    lines: list[RenderableType] = []
    for part in parts:
        lines += [Text(), part] if lines else [part]
    return Group(*lines)


def marked(mark: str, *lines: Text) -> RenderableType:
    """The lines that hold something, one below the other to the right of a mark."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column()
    grid.add_row(Text(mark, style=QUIET), Group(*(text for text in lines if text)))
    return grid


def title(paper: Paper) -> Text:
    """The title, a link where the paper's address is a safe one."""
    return line(paper.title, STRONG + Style(link=safe_link(paper.url)))


def safe_link(url: str) -> str | None:
    """`url` if a terminal may be told of it: http(s), printable ASCII without a space; else None.

    An address stands raw within the escape sequence of a link
    (https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda), which allows bytes 32 to 126 only.
    """
    safe = url.isascii() and url.isprintable() and " " not in url
    return url if safe and url.lower().startswith(("https://", "http://")) else None


def reasons_line(reasons: Iterable[Reason]) -> Text:
    """Why a paper came, the words that decided emphasised; empty for a paper that was searched for."""
    return joined(
        (
            Text.assemble(*((text, ACCENT + STRONG if emphasised else ACCENT) for text, emphasised in parts))
            for parts in dict.fromkeys(map(reason_parts, reasons))
        ),
        "; ",
    )


def _name(paper: Paper) -> str:
    """What one can read aloud, and ask `why` about: an arXiv id, else the address where it is short."""
    if paper.id.startswith("x") and safe_link(paper.url) and len(bare_url(paper.url)) <= _MAX_SHOWN_URL:
        return bare_url(paper.url)
    return paper.id
