"""Builds the Slack bot over the core."""

from __future__ import annotations

from pydantic import SecretStr
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_sdk.web.async_client import AsyncWebClient

from bot.conversation import Conversation
from bot.leaving import Comings
from bot.posting import HANGS, Sender
from bot.repair import Closures
from bot.slack.api import silent
from bot.slack.app import Ears, SlackBot, bolt
from bot.slack.events import Happenings
from bot.slack.guard import Guard
from bot.slack.installs import Installs
from bot.slack.listeners import Listeners
from bot.slack.look import LOOK
from bot.slack.oauth import InstallPages, oauth_flow
from bot.slack.poster import LEASE, LOOK_AFTER, SlackPoster, paces
from bot.slack.rights import Rights
from bot.slack.rotation import ManyWorkspaces
from bot.slack.scopes import SCOPES
from bot.slack.socket import Socket
from bot.slack.standing import Standing
from bot.slack.tokens import Authorize, Clients, OneWorkspace
from bot.slack.windows import Windows
from bot.talk import Talk, answering
from bot.verdict import Judge
from papers.keyring import Keyring
from papers.stores.once import Once
from papers.stores.vault import Vault
from papers.wiring import Core, clock


def slack_clients(core: Core) -> Clients:
    """Paperboy's bots in Slack's workspaces: the one of SLACK_BOT_TOKEN, or all that installed it."""
    settings = core.settings
    if settings.slack_bot_token is not None:
        return OneWorkspace(settings.slack_bot_token.get_secret_value(), settings.slack_api_base_url)
    return ManyWorkspaces(
        slack_installs(core),
        Once(core.stores.server),
        client_id=settings.slack_client_id or "",
        client_secret=_secret(settings.slack_client_secret),
        base_url=settings.slack_api_base_url,
        clock=clock,
    )


def slack_installs(core: Core, *, reseals: bool = True) -> Installs:
    """Workspaces that installed Paperboy. It needs PAPERBOY_ENCRYPTION_KEYS, which settings saw to."""
    keyring = Keyring.parse(_secret(core.settings.paperboy_encryption_keys))
    return Installs(Vault(core.stores.server, keyring, reseals=reseals))


def slack_sender(core: Core, clients: Clients) -> Sender:
    """The sender of Slack's channels."""
    stores = core.stores
    judge = Judge(stores.papers, SlackPoster(clients, clock), lease=LEASE, look_after=LOOK_AFTER)
    return Sender("slack", stores.outbox, stores.channels, judge, paces, beat=core.pulse.expect("sender", HANGS))


def slack_bot(core: Core) -> SlackBot:
    """The Slack bot of the settings. Building it connects to nothing; call it in the event loop that runs it."""
    stores, settings, clients = core.stores, core.settings, slack_clients(core)
    conversation = Conversation(lambda: core.desk, stores.drafts, stores.quota, clock)
    rights = Rights(clients)
    talk = Talk(conversation, rights, LOOK, answering())
    closures = Closures(stores.outbox, stores.channels, clock)
    comings = Comings(closures, stores.departures, clock)
    happenings = Happenings(conversation, talk, clients, closures, comings)
    once = Once(stores.server)
    app = bolt(
        Authorize(clients),
        Listeners(talk, rights, Windows(conversation, talk, rights), happenings),
        Guard(once),
        base_url=settings.slack_api_base_url,
        signing_secret=_secret(settings.slack_signing_secret),
        flow=_flow(core, once),
    )
    ears, sender = _ears(core, app, once, happenings), slack_sender(core, clients)
    standing = Standing(core.connections.expect("slack"), ears.socket, clients)
    return SlackBot(ears, sender, clients, standing, warm=lambda: core.desk.search("papers"), rest=talk.rest)


def _ears(core: Core, app: AsyncApp, once: Once, happenings: Happenings) -> Ears:
    settings = core.settings
    socket = None
    if settings.slack_mode == "socket":
        socket = Socket(app, _secret(settings.slack_app_token), settings.slack_api_base_url)
    installing = None
    if settings.slack_client_id is not None:
        installing = InstallPages(settings, slack_installs(core), once, tuple(SCOPES), happenings.installed)
    web = app if socket is None else None
    return Ears(socket, web, installing, settings.http_host, settings.http_port or 0)


def _flow(core: Core, once: Once) -> AsyncOAuthFlow | None:
    if core.settings.slack_client_id is None:
        return None
    client = AsyncWebClient(base_url=core.settings.slack_api_base_url, logger=silent(), retry_handlers=[])
    return oauth_flow(core.settings, slack_installs(core), once, tuple(SCOPES), client=client, redirect_uri="")


def _secret(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
