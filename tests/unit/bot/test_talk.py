"""A conversation in a terminal channel: one line from a script, or a person who is asked before anything is saved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal, cast

import pytest

from bot.terminal.talk import Talk, channel, named, say
from papers.answers import Answer
from papers.answers.subscriptions import Draft, Listing, Preview, Saved
from papers.errors import FloodError, NotFoundError, QuotaError, UsageError
from papers.model import Asker, Destination, Schedule, Subscription, Want
from papers.services import Services

NOW = datetime(2026, 3, 11, 8, 0, tzinfo=UTC)
ASKER = Asker(Destination("terminal", "local", "general"), "ada")


@dataclass
class Notebook:
    """Services that draft anything and write down what is saved.

    Attributes:
        full: whether there is no room for another subscription.
        floods: whether what is drafted has to be confirmed.
    """

    saved: list[Want] = field(default_factory=list)
    full: bool = False
    floods: bool = False

    def draft(self, asker: Asker, want: Want, *, replaces: int | None = None) -> Draft:
        subscription = Subscription("", replaces or 0, asker.destination, want, created_by=asker.user)
        preview, can_tighten = Preview("label", 30, 0, 0, ()), want.topic is not None
        return Draft(subscription, preview, replaces, can_tighten, per_day=900.0, floods=self.floods)

    def adjust(self, asker: Asker, draft: Draft, way: Literal["tighten", "loosen"]) -> Draft:
        if not draft.can_tighten:
            raise UsageError("a QUERY has no volume to move")
        factor = 0.5 if way == "tighten" else 2.0
        want = draft.subscription.want
        return self.draft(asker, replace(want, per_day=(want.per_day or 1) * factor), replaces=draft.replaces)

    def save(self, asker: Asker, draft: Draft, *, anyway: bool = False) -> Saved:
        assert asker == ASKER
        if draft.floods and not anyway:
            raise FloodError(draft.per_day)
        if self.full:
            raise QuotaError("a channel has at most 32 subscriptions")
        self.saved.append(draft.subscription.want)
        return Saved(draft.subscription, draft.preview, Schedule(), None, changed=draft.replaces is not None)

    def listing(self, asker: Asker) -> Listing:
        assert asker == ASKER
        return Listing((), Schedule(), None, paused=False)

    def unsubscribe(self, asker: Asker, number: int) -> Answer:
        raise NotFoundError(f"{asker.user} has no subscription {number}")


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
def talk(notebook: Notebook) -> Talk:
    return Talk(cast("Services", notebook), ASKER, lambda: NOW)


def drafted(answer: Answer | None) -> Want:
    assert isinstance(answer, Draft)
    return answer.subscription.want


@pytest.mark.parametrize("name", ["general", "#general", "Größe-1.2_x", "a" * 80, "论文"])
def test_a_channel_is_named_with_or_without_its_hash(name: str) -> None:
    assert channel(name) == Destination("terminal", "local", name.removeprefix("#"))


@pytest.mark.parametrize("name", ["", "#", "##x", "a" * 81, "two words", "a:b", "{x}", "x\n", "../x", "\udcff", "@ada"])
def test_what_cannot_be_a_channels_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="is not a channel's name") as caught:
        channel(name)
    assert caught.value.advice


@pytest.mark.parametrize("name", ["", " ", "\x1b[31m", "a\nb", "\udcff"])
def test_a_user_without_a_printable_name_is_refused(name: str) -> None:
    assert named("ada") == "ada"
    with pytest.raises(UsageError):
        named(name)


def test_a_script_that_subscribes_is_not_asked(notebook: Notebook) -> None:
    answer = say("/papers subscribe diffusion", cast("Services", notebook), ASKER, NOW)
    assert isinstance(answer, Saved)
    assert notebook.saved == [Want(query="diffusion")]


def test_a_script_that_edits_saves_too(notebook: Notebook) -> None:
    answer = say("edit 3 diffusion", cast("Services", notebook), ASKER, NOW)
    assert isinstance(answer, Saved)
    assert answer.changed


def test_other_commands_of_a_script_save_nothing(notebook: Notebook) -> None:
    assert isinstance(say("/papers list", cast("Services", notebook), ASKER, NOW), Listing)
    assert notebook.saved == []


def test_a_script_floods_a_channel_only_if_it_says_that_it_means_to(notebook: Notebook) -> None:
    notebook.floods = True
    with pytest.raises(FloodError, match="about 900 papers a day") as caught:
        say("subscribe diffusion", cast("Services", notebook), ASKER, NOW)
    assert "--anyway" in caught.value.advice
    assert notebook.saved == []
    assert isinstance(say("subscribe diffusion", cast("Services", notebook), ASKER, NOW, anyway=True), Saved)
    assert notebook.saved == [Want(query="diffusion")]


def test_a_person_floods_a_channel_only_by_saying_so_in_full(talk: Talk, notebook: Notebook) -> None:
    notebook.floods = True
    talk.hear("subscribe diffusion")
    for word in ("save", "s"):
        with pytest.raises(FloodError, match="about 900 papers a day"):
            talk.hear(word)
    assert notebook.saved == []
    assert isinstance(talk.hear(" Save  anyway "), Saved)
    assert notebook.saved == [Want(query="diffusion")]


def test_what_needs_no_confirmation_may_have_it(talk: Talk, notebook: Notebook) -> None:
    with pytest.raises(UsageError, match="nothing to save anyway"):
        talk.hear("save anyway")
    talk.hear("subscribe diffusion")
    assert isinstance(talk.hear("save anyway"), Saved)
    assert notebook.saved == [Want(query="diffusion")]


@pytest.mark.parametrize("word", ["save", "s", "S", " Save "])
def test_a_person_is_asked_first_and_then_it_is_saved(talk: Talk, notebook: Notebook, word: str) -> None:
    assert drafted(talk.hear("/papers subscribe diffusion")) == Want(query="diffusion")
    assert notebook.saved == []
    assert isinstance(talk.hear(word), Saved)
    assert notebook.saved == [Want(query="diffusion")]
    assert talk.draft is None


def test_what_is_cancelled_is_forgotten(talk: Talk, notebook: Notebook) -> None:
    talk.hear("subscribe diffusion")
    assert talk.hear("cancel") is None
    assert talk.draft is None
    with pytest.raises(UsageError):
        talk.hear("save")
    assert notebook.saved == []


def test_a_draft_is_tightened_and_loosened_until_it_is_saved(talk: Talk, notebook: Notebook) -> None:
    talk.hear("subscribe about: efficient inference ~4/day")
    volumes = [drafted(talk.hear(word)).per_day for word in ("tighten", "t", "loosen", "l")]
    assert volumes == [2.0, 1.0, 2.0, 4.0]
    talk.hear("t")
    talk.hear("save")
    assert notebook.saved == [Want(topic="efficient inference", per_day=2.0)]


def test_a_choice_that_fails_leaves_the_draft_to_choose_again(talk: Talk, notebook: Notebook) -> None:
    talk.hear("subscribe diffusion")
    with pytest.raises(UsageError, match="no volume"):
        talk.hear("tighten")
    notebook.full = True
    with pytest.raises(QuotaError):
        talk.hear("save")
    notebook.full = False
    talk.hear("save")
    assert notebook.saved == [Want(query="diffusion")]


def test_a_line_with_a_mistake_leaves_the_draft(talk: Talk, notebook: Notebook) -> None:
    talk.hear("subscribe diffusion")
    for line in ("sav", "unsubscribe 9"):
        with pytest.raises((UsageError, NotFoundError)):
            talk.hear(line)
    talk.hear("save")
    assert notebook.saved == [Want(query="diffusion")]


def test_another_command_leaves_the_draft_behind(talk: Talk, notebook: Notebook) -> None:
    talk.hear("subscribe diffusion")
    assert isinstance(talk.hear("list"), Listing)
    assert talk.draft is None
    assert drafted(talk.hear("subscribe robots")) == Want(query="robots")
    talk.hear("save")
    assert notebook.saved == [Want(query="robots")]


@pytest.mark.parametrize("word", ["save", "s", "cancel", "loosen"])
def test_without_a_draft_a_choice_is_no_command(talk: Talk, word: str) -> None:
    with pytest.raises(UsageError):
        talk.hear(word)
