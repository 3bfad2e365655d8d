"""A form that was sent, from its coming to its answer.

    saved or refused soon ──► the acknowledgement says which: the saved one's view, or the error in the form as filled
    not decided yet ──► the acknowledgement shows that it waits ──► then the view is filled

Slack gives three seconds for the acknowledgement
(https://docs.slack.dev/surfaces/modals#response_actions), and a feed may take longer to be read. The view that waits is
found by an id of ours, and only once Slack has made something of the acknowledgement: so it is looked for a few times.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable
from typing import Final

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import forms
from bot.slack.look import LOOK
from bot.slack.message import View
from bot.slack.render import render_error
from papers.errors import PaperboyError
from papers.text import shorten

SOON: Final = 1.5
"""Seconds within which the acknowledgement can say what became of it."""

LOOKS: Final = 20
PAUSE: Final = 0.1
"""How often, and seconds apart, the view that waits is looked for."""

LONGEST: Final = 500
"""Characters of an error below a field."""


async def answer(ack: AsyncAck, client: AsyncWebClient, save: Awaitable[View]) -> None:
    """Save, and say what became of it."""
    saving = asyncio.create_task(_outcome(save))
    await asyncio.wait({saving}, timeout=SOON)
    if saving.done():
        await _acknowledge(ack, saving.result())
        return
    name = uuid.uuid4().hex
    await ack(response_action="update", view={**forms.waiting("Paperboy"), "external_id": name})
    outcome = await saving
    if isinstance(outcome, PaperboyError):
        outcome = forms.notice("Paperboy", render_error(outcome))
    await _fill(client, name, outcome)


async def _outcome(save: Awaitable[View]) -> View | PaperboyError:
    try:
        return await save
    except Exception as error:  # noqa: BLE001 - whatever it was, somebody waits to be told
        return LOOK.told(error)


async def _acknowledge(ack: AsyncAck, outcome: View | PaperboyError) -> None:
    if isinstance(outcome, PaperboyError):
        told = " ".join(filter(None, (f"{outcome}.", outcome.advice)))
        await ack(response_action="errors", errors={forms.QUERY: shorten(told, LONGEST)})
    else:
        await ack(response_action="update", view=outcome)


async def _fill(client: AsyncWebClient, name: str, view: View) -> None:
    for _ in range(LOOKS):
        try:
            await client.views_update(external_id=name, view=view)
        except SlackApiError as error:
            if error.response["error"] != "not_found":
                raise
            await asyncio.sleep(PAUSE)
        else:
            return
