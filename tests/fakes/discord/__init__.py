"""A strict Discord on loopback: what a bot sees of Discord, played by the rules that Discord's documentation has.

    with StrictDiscord() as discord:
        guild = discord.guild(locale="de")
        papers = discord.channel(guild, "papers")
        ada = discord.user("ada", guild, permissions=MANAGE_CHANNELS)
        …                                   # start the bot: discord.api_url, discord.gateway_url, discord.token
        discord.connected()
        act = discord.slash(ada, papers, "papers follow", query="diffusion")
        assert act.is_ephemeral and "Following" in act.text
        form = discord.click(ada, discord.messages(papers)[-1], "save")
        done = discord.submit(ada, form, note="later")
        discord.fail("create_message", "hang up after", times=1)
        assert discord.violations == []

It is sync, and serves from a thread of its own; a test whose bot runs in the test's own event loop calls it by
`asyncio.to_thread`.

Strict: tokens, User-Agents, intents, shards, heartbeats, sequence numbers, permissions, payloads (`payloads`), nonces,
buckets, interactions (once, within 3 s, with a fitting answer), their tokens (15 min), application commands.
What is refused is refused with Discord's code and sentence for it. What only a mistake of the app's makers can cause
is also a line in `violations`; so are keys in a payload that Discord would silently ignore.

Not played: voice, presence, reactions, invites, webhooks other than interactions', members' lists, polls, stickers,
user-installed apps, private threads, slow mode, zstd, audit logs, and figures of buckets that Discord does not publish.
"""

from __future__ import annotations

from tests.fakes.discord.act import Act, Impossible
from tests.fakes.discord.happenings import allow, deny
from tests.fakes.discord.house import StrictDiscord
from tests.fakes.discord.world import Channel, Guild, Message, Role, User
from tests.fakes.weather import Weather

__all__ = [
    "Act",
    "Channel",
    "Guild",
    "Impossible",
    "Message",
    "Role",
    "StrictDiscord",
    "User",
    "Weather",
    "allow",
    "deny",
]
