"""What opens beside the channel: the form, App Home, the list behind it, similar papers.

A trigger lives three seconds (https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses), so what
takes longer than a look into Redis is opened waiting, and filled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import tally
from bot.conversation import Conversation, unpaged
from bot.phrases import before_about
from bot.repair import PERSONAL
from bot.slack import acts, forms
from bot.slack.home import home
from bot.slack.links import named_in, words_in
from bot.slack.message import Message, View
from bot.slack.render import render
from bot.slack.rights import Rights, is_own
from bot.slack.views import Place, in_channel
from bot.talk import Talk
from bot.tally import tallied
from bot.words import whole
from papers.answers.subscriptions import Draft
from papers.errors import PaperboyError, UsageError
from papers.model import Asker, Subscription, Want
from papers.wording.subscriptions import label


def _filled(channel: str, number: int | None, want: Want) -> View:
    """The form with what is wanted in its fields, and with a mark of it, should somebody else change it meanwhile."""
    text = before_about(want)
    view = forms.form(channel, number=number, text=text, topic=want.topic or "", per_day=want.per_day)
    if number is not None:
        view["private_metadata"] = json.dumps(json.loads(view["private_metadata"]) | {"was": _mark(want)})
    return view


def _mark(want: Want) -> str:
    """Short: private_metadata holds 3,000 characters, and a topic may have 2,000 of any script."""
    return sha256(label(want).encode()).hexdigest()[:16]


def _refuse_changed(before: Subscription, was: str | None) -> None:
    """What is edited is what the form was opened with, or UsageError: two people may edit one at once."""
    if was is not None and _mark(before.want) != was:
        news = f"somebody changed #{before.number} meanwhile: it is now {label(before.want)}"
        raise UsageError(news, advice="open it again to edit")


def form_for(line: str) -> str | None:
    """What the form is to be opened with by a line that says too little to be a command; None for any other line.

    `subscribe` alone: ""; `edit 3` alone: "#3".
    """
    typed = unpaged(line).split()
    match [typed[0].casefold(), *typed[1:]] if typed else []:
        case ["subscribe"]:
            return ""
        case ["edit", number] if whole(number.removeprefix("#")):
            return f"#{number.removeprefix('#')}"
        case _:
            return None


class Windows:
    """Opens and fills views."""

    def __init__(self, conversation: Conversation, talk: Talk[Message], rights: Rights) -> None:
        self._conversation = conversation
        self._talk = talk
        self._rights = rights

    async def form(self, place: Place, asker: Asker, value: str) -> None:
        """The form: `value` "" to subscribe, "#3" to edit #3, other text to subscribe with it filled in.

        Raises NotFoundError for a number that the channel has not, NotAllowedError where nothing can be posted.
        """
        with tallied("slack", acts.FORM):
            is_own(asker)
            number, want = await self._talk.apart(lambda: self._conversation.want(asker, value))
            await place.show(_filled(asker.destination.channel, number, want))

    async def pick(self, place: Place) -> None:
        """The form, with a choice of the channel."""
        with tallied("slack", acts.FORM):
            await place.show(forms.form(""))

    async def preview(self, client: AsyncWebClient, workspace: str, user: str, view: View) -> None:
        """What was typed so far, as it would have posted, below the form."""
        channel, line, number = forms.read(view)
        kept = json.loads(view.get("private_metadata") or "{}")
        try:
            with tallied("slack", tally.PREVIEW):
                asker = await self._rights.asker(workspace, user, channel)
                draft, _ = await self._draft(asker, line, number)
            shown = forms.form(kept.get("channel", ""), number=number, preview=draft.preview)
        except PaperboyError as error:
            shown = forms.form(kept.get("channel", ""), number=number, error=error)
        # what stands in the inputs stays, as their block_ids are the same
        shown["private_metadata"] = view.get("private_metadata", "")
        try:
            await client.views_update(view_id=view["id"], hash=view["hash"], view=shown)
        except SlackApiError as error:
            if error.response["error"] not in {"hash_conflict", "not_found"}:  # typed on, or closed, meanwhile
                raise

    async def _draft(self, asker: Asker, line: str, number: int | None) -> tuple[Draft, str]:
        """What the form asks for, not saved yet, and its token."""
        if not line:
            raise UsageError("nothing is asked for yet", advice="give words, or say what papers should be about")
        typed = f"subscribe {line}" if number is None else f"edit {number} {line}"
        command = self._conversation.read(typed)
        await self._talk.may(asker, posting=True)
        said = await self._talk.apart(lambda: self._conversation.answer(asker, typed, command))
        if not isinstance(said.answer, Draft):
            raise UsageError("that is not a subscription")
        return said.answer, said.token

    async def save(self, workspace: str, user: str, view: View) -> View:
        """Save what the form says; the view of what was saved, or of a draft that floods and has to be confirmed.

        Raises a PaperboyError, nothing being changed then.
        """
        with tallied("slack", tally.SUBMIT):
            return await self._saved(workspace, user, view)

    async def _saved(self, workspace: str, user: str, view: View) -> View:
        channel, line, number = forms.read(view)
        asker = await self._rights.asker(workspace, user, channel)
        draft, token = await self._draft(asker, line, number)
        if draft.before is not None:
            _refuse_changed(draft.before, json.loads(view["private_metadata"]).get("was"))
        if draft.floods:
            message = render(draft, self._conversation.now, "UTC", token=token)
        else:
            saved = await self._talk.apart(lambda: self._conversation.services.save(asker, draft))
            message = render(saved, self._conversation.now, "UTC")
        return in_channel(forms.notice("Paperboy", message), asker.destination.channel)

    async def home(self, client: AsyncWebClient, workspace: str, user: str) -> None:
        """App Home, as it is now."""
        mine = await self._rights.channels(workspace, user)
        ordered = sorted(mine, key=lambda one: (not one.channel.startswith(PERSONAL), one.channel))
        overviews = await self._talk.apart(lambda: self._conversation.services.overview(ordered))
        view = home(overviews, now=self._conversation.now, user=user)
        await client.views_publish(user_id=user, view=view)

    async def listing(self, place: Place, asker: Asker) -> None:
        """A channel's list, with its buttons, in a modal."""
        services = self._conversation.services
        with tallied("slack", "list"):
            answer = await self._talk.apart(lambda: services.listing(asker))
            message = render(answer, self._conversation.now, "UTC", line="list")
            await place.show(in_channel(forms.notice("Subscriptions", message), asker.destination.channel))

    async def similar(self, place: Place, asker: Asker, found: Mapping[str, Any]) -> None:
        """Papers like what a message links to or, if it links to none, like what it says."""
        reply = await place.reply(acts.SAY, asker.destination.channel)
        services, named = self._conversation.services, named_in(found)
        known = await self._talk.apart(lambda: next((one for one in named if services.card(one)), None))
        await self._talk.similar(asker, known or words_in(found), reply)
