"""Whether Discord would let the bot work, and the link that adds it to a server. For `paperboy doctor`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import urlencode

from bot.checked import Checked
from bot.discord.api import Api
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
        mend = "copy it anew from the application's page, under Bot"
        yield Checked("bad", f"Discord: DISCORD_BOT_TOKEN does not work ({error})", mend)
        return
    yield Checked("good", f"Discord: speaks as {me['name']}")
    yield Checked("note", f"Discord: add it to a server with {install_link(me['id'])}")
