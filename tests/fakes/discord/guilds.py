"""What an app asks of itself, of guilds and of people, and its commands."""

from __future__ import annotations

from typing import Any, Final

from tests.fakes.discord import shown
from tests.fakes.discord.calls import Call, Refusal, Route
from tests.fakes.discord.manifest import CHAT_INPUT
from tests.fakes.discord.rules import Problem, form, record, snowflake
from tests.fakes.discord.world import Json

_RECIPIENT: Final = record({"recipient_id": snowflake})


def get_my_user(call: Call) -> Json:
    """The bot."""
    return {**shown.user(call.world.bot), "verified": True, "mfa_enabled": True, "email": None, "locale": "en-US"}


def get_my_application(call: Call) -> Json:
    """The app."""
    owner = next((one for one in call.world.users.values() if not one.is_bot), call.world.bot)
    return shown.app(call.world, owner)


def list_my_guilds(call: Call) -> list[Json]:
    """The guilds that the bot is in."""
    return [{"id": one.id, "name": one.name} for one in call.world.guilds.values() if one.has_bot]


def get_user(call: Call) -> Json:
    """Somebody."""
    if call.path["user"] not in call.world.users:
        raise Refusal(10013)
    return shown.user(call.world.users[call.path["user"]])


def get_guild(call: Call) -> Json:
    """A guild."""
    return shown.guild_alone(call.guild())


def list_guild_channels(call: Call) -> list[Json]:
    """A guild's channels, without threads."""
    return [shown.channel(call.world, one) for one in call.guild().channels.values() if not one.is_thread]


def get_guild_member(call: Call) -> Json:
    """Somebody in a guild."""
    guild = call.guild()
    if call.path["user"] not in guild.members:
        raise Refusal(10007)
    return shown.member(call.world, guild, call.path["user"])


def get_channel(call: Call) -> Json:
    """A channel, a thread or direct messages."""
    return shown.channel(call.world, call.channel())


def create_dm(call: Call) -> Json:
    """The direct messages with somebody: opened, whether or not they can be written to."""
    body = call.ruled(_RECIPIENT)
    other = call.world.users.get(str(body["recipient_id"]))
    if other is None or other.is_bot:
        said = Problem(("recipient_id",), "CANNOT_DM", "Invalid Recipient(s)")
        raise Refusal(50035, form([said]))
    return shown.channel(call.world, call.world.direct(other))


def _scope(call: Call) -> str:
    if call.path["app"] != call.world.app_id:
        raise Refusal(20012)
    guild = call.world.guilds.get(call.path.get("guild", ""))
    if "guild" in call.path and (guild is None or not guild.has_bot):
        raise Refusal(50001)
    return guild.id if guild else ""


def list_commands(call: Call) -> list[Json]:
    """The app's commands in one scope; their translations only for who asks with_localizations."""
    hidden = set() if call.query.get("with_localizations") in {"true", "1"} else {"name", "description"}
    shorn = {f"{key}_localizations" for key in hidden}
    listed = call.world.commands[_scope(call)]
    return [{key: value for key, value in one.items() if key not in shorn} for one in listed]


def set_commands(call: Call) -> list[Json]:
    """All of the app's commands in one scope, at once; those of the same name keep their ids."""
    scope = _scope(call)
    body: Any = call.taken("commands", call.body)
    before = {(one["type"], one["name"]): one["id"] for one in call.world.commands[scope]}
    kept = []
    for one in body:
        kind = one.get("type") or CHAT_INPUT
        own = {"description": "", "default_member_permissions": None, "nsfw": False, "contexts": None, **one}
        own |= {"id": before.get((kind, one["name"])) or call.world.snowflake(), "type": kind}
        own |= {"application_id": call.world.app_id, "version": call.world.snowflake()}
        kept.append({**own, "guild_id": scope} if scope else own)
    call.world.commands[scope] = kept
    call.world.counts["commands set"] += 1
    return kept


_COMMANDS: Final = "/applications/{app}/commands"
_GUILD_COMMANDS: Final = "/applications/{app}/guilds/{guild}/commands"

ROUTES: Final = (
    Route("get_my_user", "GET", "/users/@me", get_my_user),
    Route("get_my_oauth2_application", "GET", "/oauth2/applications/@me", get_my_application),
    Route("get_my_application", "GET", "/applications/@me", get_my_application),
    Route("list_my_guilds", "GET", "/users/@me/guilds", list_my_guilds),
    Route("create_dm", "POST", "/users/@me/channels", create_dm, (10, 10.0)),
    Route("get_user", "GET", "/users/{user}", get_user),
    Route("get_guild", "GET", "/guilds/{guild}", get_guild),
    Route("list_guild_channels", "GET", "/guilds/{guild}/channels", list_guild_channels),
    Route("get_guild_member", "GET", "/guilds/{guild}/members/{user}", get_guild_member, (5, 1.0)),
    Route("get_channel", "GET", "/channels/{channel}", get_channel),
    Route("list_application_commands", "GET", _COMMANDS, list_commands),
    Route("bulk_set_application_commands", "PUT", _COMMANDS, set_commands, (5, 5.0)),
    Route("list_guild_application_commands", "GET", _GUILD_COMMANDS, list_commands),
    Route("bulk_set_guild_application_commands", "PUT", _GUILD_COMMANDS, set_commands, (5, 5.0)),
)
