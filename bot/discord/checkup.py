"""Whether Discord would let the bot work, and the link that adds it to a server. For `paperboy doctor`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from bot.checked import Checked
from bot.discord.api import Api
from bot.discord.errors import Refused, Unaccepted
from bot.discord.rights import NEEDED
from papers.errors import DeliveryError

AUTHORIZE: Final = "https://discord.com/oauth2/authorize"
SCOPES: Final = ("bot", "applications.commands")


def install_link(application: str) -> str:
    """Where somebody adds the application to a server, with exactly the permissions that posting takes
    (https://docs.discord.com/developers/topics/oauth2#bot-authorization-flow).
    """  # noqa: D205 - one sentence
    asked = {"client_id": application, "scope": " ".join(SCOPES), "permissions": NEEDED.value}
    return f"{AUTHORIZE}?{urlencode(asked)}"


async def examine(api: Api) -> AsyncIterator[Checked]:
    """Ask Discord who the token is of."""
    try:
        me = await api.ask("GET", "/applications/@me", {})
    except DeliveryError as error:
        yield _trouble(error)
        return
    yield Checked("good", f"Discord: speaks as {me['name']}")
    yield Checked("note", f"Discord: add it to a server with {install_link(me['id'])}")


def _trouble(error: DeliveryError) -> Checked:
    """A refusal is the token's only where it is one of Discord's."""
    status = error.no.status if isinstance(error, Refused) else 0
    if isinstance(error, Unaccepted) or status == HTTPStatus.FORBIDDEN:
        mend = "copy it anew from the application's page, under Bot"
        return Checked("bad", "Discord: DISCORD_BOT_TOKEN does not work", mend)
    said = f"it answered {status}" if status else error.__cause__ or error
    mend = "is there a way to Discord? it is looked for at DISCORD_API_BASE_URL"
    return Checked("bad", f"Discord does not answer as it should ({said})", mend)
