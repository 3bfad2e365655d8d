"""Every key that Paperboy has in Redis; nothing else spells one. Times that order a sorted set are ms since 1970, UTC.

A channel's own keys carry the tag `{platform:workspace:channel}`, so that the tenant is part of each of them.
"""

from __future__ import annotations

from datetime import date
from glob import escape

from papers.model import Destination, Platform
from papers.trends import Figure

ROOT = "paperboy"

PAPERS = f"{ROOT}:papers"
"""Sorted set: ids of the archive's papers by their day, or by when they were first seen if they have none."""

ALIASES = f"{ROOT}:aliases"
"""Hash: an id that turned out to be another paper's -> that paper's id."""

CHANGED = f"{ROOT}:changed"
"""Sorted set: ids of papers by when they were last written, on the server's clock."""

DAYS = f"{ROOT}:days"
"""Sorted set: ISO days that have a digest, by YYYYMMDD."""

UNMATCHED = f"{ROOT}:unmatched"
"""Sorted set: arrivals no subscription has been held against yet, by arrival: `paper TAB scope`, and `TAB hash of its
JSON` behind where the paper came before, and is to be matched again as it is."""

MATCHED = f"{ROOT}:matched"
"""Hash: an arrival that not all shards have matched -> those that have, `1/2 `; see papers/matching/shards.py."""

RISEN = f"{ROOT}:risen"
"""Sorted set: `paper TAB mark` of papers that rose much, by when: messages that show them are to be edited."""

GAINS_SINCE = f"{ROOT}:gains-since"
"""String: the ISO day on which gains were counted for the first time."""

CHANNELS = f"{ROOT}:channels"
"""Set: destinations that ever subscribed to something, set something or voted."""

CHANGES = f"{ROOT}:changes"
"""Stream: the destinations whose subscriptions changed; workers follow it."""

DUE = f"{ROOT}:due"
"""Sorted set: destinations by when their next post is to be planned; none that is paused or suspended."""

FEEDS = f"{ROOT}:feeds"
"""Hash: canonical URL of each feed a channel subscribed to -> how many subscriptions it has."""

OUTLETS = f"{ROOT}:outlets"
"""Hash: SHA-256 of the secret of a channel's private feed -> the channel; see outlets.py."""

FORMAT = f"{ROOT}:format"
"""Hash: the `version` of how all this is stored, and who made it that (`by`); see migrations/."""

LEFT = f"{ROOT}:left"
"""Sorted set: `platform:workspace` of those that removed Paperboy, by when; 0 for one whose deletion was ordered."""

UNWANTED = f"{ROOT}:unwanted"
"""Sorted set: sources that nobody subscribes to any more, by since when."""

EMBEDDING = f"{ROOT}:embedding"
"""Hash: the `model` of the archive's vectors; `done` of `total` papers; `mark`, the change up to which all are done."""

SUMMARIES_FAILED = f"{ROOT}:summaries:failed"
"""String with expiry: how often the endpoint for summaries failed in a row."""

SUMMARIES_REST = f"{ROOT}:summaries:rest"
"""String with expiry: there while it is not to be asked."""

TOKEN = f"{ROOT}:token"
"""String: the last fencing token given out."""

SOURCES_DUE = f"{ROOT}:sources:due"
"""Sorted set: source names by when they are to be polled next; `inf` for those that were given up."""

ROLES = f"{ROOT}:roles"  # sorted set: processes at work as JSON, by when they said so last, on the server's clock


def paper(paper_id: str) -> str:
    """String: the paper as JSON."""
    return f"{ROOT}:paper:{paper_id}"


def title(key: str) -> str:
    """String: id of the paper with this folded title."""
    return f"{ROOT}:title:{key}"


def fresh(paper_id: str) -> str:
    """Hash with expiry: scope -> when the paper arrived there (ms), for as long as it may be matched again."""
    return f"{ROOT}:fresh:{paper_id}"


def shown(paper_id: str) -> str:
    """Sorted set with expiry: `destination TAB delivery id` of messages with the paper's card, by when planned."""
    return f"{ROOT}:shown:{paper_id}"


def day(when: date | str) -> str:
    """Set: ids of the papers in that day's digest."""
    return f"{ROOT}:day:{when}"


def ranking(figure: Figure | str, day: date | str) -> str:
    """Sorted set: ids of the papers in that day's digest, by a figure of theirs."""
    return f"{ROOT}:{figure}:{day}"


def gains(figure: Figure | str, day: date | str) -> str:
    """Sorted set with expiry: ids of papers by how much of a figure they gained on that day (UTC)."""
    return f"{ROOT}:gained-{figure}:{day}"


def arrived(scope: str) -> str:
    """Set: ids that have arrived in that scope ('*' the common stream, 'past' what backfills brought, else a feed)."""
    return f"{ROOT}:arrived:{scope}"


def vectors(model: str) -> str:
    """Hash: `paper id:hash of its text`, `topic:hash of it` -> float16 vector of that embedding model."""
    return f"{ROOT}:vectors:{model}"


def summary(model: str, digest: str) -> str:
    """String with expiry: `=` and what a model said of the text with that digest; `?` while it is asked."""
    return f"{ROOT}:summary:{digest}:{model}"


def summaries_asked(day: date) -> str:
    """String with expiry: how many summaries were asked for on that UTC day."""
    return f"{ROOT}:summaries:asked:{day}"


def source(name: str) -> str:
    """Hash: a source's cursor and health."""
    return f"{ROOT}:source:{name}"


def lease(name: str) -> str:
    """String with expiry: who holds the lease."""
    return f"{ROOT}:lease:{name}"


def turn(host: str) -> str:
    """String with expiry: who asks a host now; empty while it rests."""
    return f"{ROOT}:turn:{host}"


def backfilled(source: str) -> str:
    """Hash: each ISO day that a backfill of that source ever wanted -> how far it is; see backfills.py."""
    return f"{ROOT}:backfilled:{source}"


def of_workspace(name: str) -> str:
    """Pattern, as SCAN takes it, of everything with the tag of a channel of `platform:name`."""
    return f"{ROOT}:{{{escape(name)}:*"


def tagged(key: str) -> tuple[str, str]:
    """The destination in a channel's key, and what follows its tag (`delivery:0a1b…`)."""
    destination, _, rest = key.partition("{")[2].partition("}:")
    return destination, rest


def channel(destination: Destination | str) -> str:
    """Hash: a channel's own state.

    `settings` (JSON), `instant` and `paused` (0 or 1), `last` (highest subscription number), `planned` (last slot, ms),
    `suspended` (why nothing may be posted), `cause` (token of the claim or event that found it), `closed` (ms).
    """
    return f"{ROOT}:{{{destination}}}:channel"


def preferences(destination: Destination | str) -> str:
    """Hash: a preference's name -> the word it was set to (`format` -> `full`)."""
    return f"{ROOT}:{{{destination}}}:preferences"


def outlet(destination: Destination | str) -> str:
    """Hash: a private feed's `secret` and its `mark` (SHA-256), none if taken away; its ids' `seed`, `made` (ms)."""
    return f"{ROOT}:{{{destination}}}:outlet"


def votes(destination: Destination | str) -> str:
    """Hash: `paper TAB user` -> 1 or -1."""
    return f"{ROOT}:{{{destination}}}:votes"


def tallies(destination: Destination | str) -> str:
    """Hash: how many votes were given: `paper TAB 1`, `paper TAB -1`, and of all papers `1` and `-1`."""
    return f"{ROOT}:{{{destination}}}:tallies"


def lessons(destination: Destination | str) -> str:
    """Hash: paper id -> what its votes teach the channel's topics; see lessons.py."""
    return f"{ROOT}:{{{destination}}}:lessons"


def subscriptions(destination: Destination | str) -> str:
    """Hash: number -> the subscription as JSON."""
    return f"{ROOT}:{{{destination}}}:subscriptions"


def inbox(destination: Destination | str) -> str:
    """Hash: paper id -> JSON array of its hits, waiting to be planned."""
    return f"{ROOT}:{{{destination}}}:inbox"


def seen(destination: Destination | str) -> str:
    """Sorted set: ids of the papers this channel was brought, by when that was planned."""
    return f"{ROOT}:{{{destination}}}:seen"


def trended(destination: Destination | str) -> str:
    """Set: `number:day` of the trending subscriptions already served."""
    return f"{ROOT}:{{{destination}}}:trended"


def delivery(destination: Destination | str, delivery_id: str) -> str:
    """Hash: a delivery with its state; see outbox.py."""
    return f"{ROOT}:{{{destination}}}:delivery:{delivery_id}"


def outbox(destination: Destination | str) -> str:
    """Sorted set: ids of the channel's deliveries not settled yet, by when they are due."""
    return f"{ROOT}:{{{destination}}}:outbox"


def sending(destination: Destination | str) -> str:
    """String: id of the one delivery in flight."""
    return f"{ROOT}:{{{destination}}}:sending"


def history(destination: Destination | str) -> str:
    """List: ids of the channel's deliveries, newest first."""
    return f"{ROOT}:{{{destination}}}:history"


def posts(destination: Destination | str) -> str:
    """Hash: delivery id -> post as JSON; what a terminal channel shows."""
    return f"{ROOT}:{{{destination}}}:posts"


def post_order(destination: Destination | str) -> str:
    """List: delivery ids in the order they were posted to a terminal channel."""
    return f"{ROOT}:{{{destination}}}:post-order"


def platform(name: Platform | str) -> str:
    """Sorted set: destinations of a platform that have something to send, by when."""
    return f"{ROOT}:outbox:{name}"


def pace(scope: str) -> str:
    """String with expiry: the instant (ms) up to which a pace's posts are used up; see lua/claim.lua."""
    return f"{ROOT}:pace:{scope}"


def draft(token_of: str) -> str:
    """String with expiry: a draft as JSON, by the token that its buttons carry."""
    return f"{ROOT}:draft:{token_of}"


def quota(scope: str) -> str:
    """Hash with expiry: up to which instant (ms) a scope's allowance is used up, and by whom; see lua/spend.lua."""
    return f"{ROOT}:quota:{scope}"


def vault(kind: str) -> str:
    """Hash: name -> sealed secret; see papers/keyring.py."""
    return f"{ROOT}:vault:{kind}"


def once(kind: str, name: str) -> str:
    """String with expiry: the mark of whoever was first."""
    return f"{ROOT}:once:{kind}:{name}"


def issued(kind: str, token: str) -> str:
    """String with expiry: a token that was issued and not redeemed yet."""
    return f"{ROOT}:issued:{kind}:{token}"


def slip(token: str) -> str:
    """String with expiry: a line that was too long for a button."""
    return f"{ROOT}:slip:{token}"


def recent(destination: Destination | str, user: str, what: str = "recent") -> str:
    """List with expiry: what a user asked for lately, latest first; `drafts`: tokens of those that wait for them."""
    return f"{ROOT}:{{{destination}}}:{what}:{user}"


def mark(name: str) -> str:
    """String: what is remembered under that name; see marks.py."""
    return f"{ROOT}:mark:{name}"
