"""Mails as they lie on the wire: headers, both looks, and what hostile text does to them, which is nothing."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from email.headerregistry import Address

import pytest

from bot.email.letter import Envelope, Letterhead, Ways, digest_letter, invitation_letter
from papers.mailbox import Invitation
from papers.model import Delivery, Heading, Item, Paper, Reason, Schedule
from tests.builders import paper
from tests.conftest import NOW
from tests.contract.email import HOME, living
from tests.contract.test_poster import HOSTILE
from tests.fakes.mail_reader import read
from tests.fakes.smtp import Letter
from tests.integration.outboxes import delivery

ADA = "ada@example.org"
HEAD = Letterhead(Address("Papiere für alle", addr_spec="papers@example.org"), HOME)
WAYS = Ways(f"{HOME}/email/unsubscribe/{'a' * 46}", f"{HOME}/email/manage/{'a' * 46}")
REASON = Reason(words=("diffusion",), without=("survey",))


def digest(*papers: Paper, **changes: object) -> Delivery:
    """A day's delivery of these."""
    items = tuple(Item(one.id, 3.0, (1,), (REASON,)) for one in papers)
    made = delivery(1, items=items, heading=Heading(NOW.date(), len(papers), ("diffusion",)))
    return replace(made, **changes)  # type: ignore[arg-type] # fields by their names


def letter(of: Delivery, *papers: Paper, missed: tuple[Delivery, ...] = ()) -> Letter:
    data = digest_letter(Envelope(of, ADA, HEAD, NOW), {one.id: one for one in papers}, WAYS, missed)
    made = Letter("papers@example.org", ADA, data)
    assert made.defects() == []
    return made


def test_the_subject_says_how_much_of_what_and_then_the_day() -> None:
    papers = [paper(number) for number in range(1, 8)]
    assert letter(digest(*papers), *papers).subject == "7 papers for diffusion · Wed 11 Mar"


def test_headers_name_the_delivery_the_list_and_that_a_machine_wrote_it() -> None:
    sent = letter(digest(paper()), paper())
    message = sent.message
    assert message["Message-ID"] == "<000000000000000000000001@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "Papers <papers.example.org>"
    assert message["Precedence"] is None
    assert message["Date"].datetime == NOW
    assert message["From"].addresses[0].display_name == "Papiere für alle"
    again = letter(digest(paper()), paper())
    assert again.message["Message-ID"] == message["Message-ID"]


def test_one_click_unsubscribing_stands_whole_in_the_headers() -> None:
    sent = letter(digest(paper()), paper())
    lines = sent.data.decode().split("\r\n")
    assert lines[0] == f"List-Unsubscribe: <{WAYS.leave}>,"  # RFC 8058: one https address; no library folded it
    assert lines[1] == f" <mailto:papers@example.org?subject=unsubscribe%20{'a' * 46}>"
    assert lines[2] == "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
    assert WAYS.leave in sent.text
    assert {WAYS.leave, WAYS.manage} <= set(read(sent.html).links)


def test_both_looks_say_the_same() -> None:
    papers = [
        paper(1, "Diffusion & <b>graphs</b>", abstract="One. Two.", upvotes=12, url="https://arxiv.org/abs/2603.00001"),
        paper(2, "A long title " * 12, authors=("Ada Lovelace", "Bob"), code_url="https://github.com/a/b?c=1&d=2"),
    ]
    sent = letter(digest(*papers), *papers)
    seen = read(sent.html)
    told = " ".join(sent.text.split())
    for line in seen.text.splitlines()[1:]:  # the subject comes first there
        for part in line.split(" · "):
            assert part in told or part in {"Unsubscribe", "What you get, and when"}, part
    assert [link for link in seen.links if link not in sent.text] == []
    assert seen.strange == []


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_read_and_does_nothing(text: str) -> None:
    bad = paper(1, text, abstract=text, authors=(text,), organization=text, url="javascript:alert(1)", code_url=text)
    reason = Reason(words=(text,), without=(text,), topic=text, feed=text)
    of = digest(bad, items=(Item(bad.id, 3.0, (1,), (reason,)),), heading=Heading(NOW.date(), 1, (text,), note=text))
    sent = letter(of, bad)
    assert living(sent) == []
    assert len(sent.subject) < 200


@pytest.mark.parametrize("text", ["x\r\nBcc: all@example.org", "x\nBcc: all@example.org", "x\r\n\r\n<p>body"])
def test_no_text_makes_a_header(text: str) -> None:
    sent = letter(digest(paper(1, text), heading=Heading(NOW.date(), 1, (text,))), paper(1, text))
    assert sent.message["Bcc"] is None
    assert "Bcc" not in "".join(sent.message.keys())
    with pytest.raises(ValueError, match="CR or LF"):
        digest_letter(Envelope(digest(paper()), text, HEAD, NOW), {}, WAYS)


def test_fifty_are_told_at_length_and_the_rest_by_title_and_gmail_cuts_nothing() -> None:
    papers = [paper(number, f"Paper number {number}", abstract="All about it. " * 200) for number in range(1, 73)]
    full = letter(digest(*papers, abstracts=tuple(one.id for one in papers)), *papers)
    for sent in (full, letter(digest(*papers), *papers)):
        assert "50. Paper number 50" in read(sent.html).text
        assert "51. Paper" not in sent.text
        assert all(f"Paper number {number}" in sent.text for number in range(51, 73))
        assert len(sent.html.encode()) < 102_000
    assert full.text.count("All about it.") > 2_000  # as many abstracts as there is room for


def test_lines_of_text_are_short() -> None:
    sent = letter(
        digest(paper(1, "word " * 100, abstract="word " * 300)), paper(1, "word " * 100, abstract="word " * 300)
    )
    long = [line for line in sent.text.splitlines() if len(line) > 72 and "://" not in line]
    assert long == []


def test_a_late_mail_says_so_and_a_lost_one_is_asked_after() -> None:
    late = digest(paper(), heading=Heading(NOW.date(), 1, note="late: it could not be posted at the time"))
    assert "late: it could not be posted" in letter(late, paper()).text
    asked = letter(digest(paper()), paper(), missed=(digest(paper()),))
    assert "Did the mail of Wed 11 Mar not reach you?" in read(asked.html).text


def test_an_invitation_quotes_nothing_that_a_stranger_typed_and_is_no_list() -> None:
    invitation = Invitation("0" * 24, NOW, "Somebody", (), Schedule("daily", "08:00", "UTC"))
    link = f"{HOME}/email/confirm/{'b' * 46}"
    data = invitation_letter(Envelope(delivery(1, kind="notice"), ADA, HEAD, NOW), invitation, link)
    sent = Letter("papers@example.org", ADA, data)
    assert sent.defects() == []
    assert read(sent.html).links == [link]
    assert link in sent.text
    assert sent.message["List-Unsubscribe"] is None
    assert "every day at 08:00 UTC" in " ".join(textwrap.dedent(sent.text).split())
