"""A strict Slack on loopback: what an app sees of Slack, played by the rules that Slack's documentation has.

    with StrictSlack() as slack:
        slack.channel("C1", members=["U1", "U2"])
        client = WebClient(slack.install(scopes=["chat:write", "commands"]), base_url=slack.api_url)
        …                                                   # start the app: Socket Mode with slack.app_token, or
        slack.http("http://127.0.0.1:3000/slack/events")    # HTTP, signed with slack.signing_secret
        act = slack.command("U1", "C1", "/papers help")     # returns when the app has acknowledged it
        assert act.answered().text == "…"                   # waits for what it sends to the response_url
        slack.fail("chat.postMessage", "hang up after", times=1)
        assert slack.violations == []

    world, oauth, views, responses      what there is: people, channels, messages, tokens, screens, response_urls
    rules, shapes, blocks, form         what Block Kit takes, and what fields hold: pure
    calls, chat, conversations, api     the Web API, method by method; weather: how it fails
    deliveries, sockets, courier        what is brought to the app, by Socket Mode or HTTP; payloads: its shapes
    parts, acts, modals, events, looking, slack     what tests say to it; guest: a slack_bolt app in a thread

It is sync, and serves from a thread of its own; a test whose app runs in the test's own event loop calls it by
`asyncio.to_thread`. Workspace "T1" is meant where none is named.

Strict: scopes, tokens, memberships, blocks and views (`blocks.violations`), metadata, triggers (3 s, once),
response_urls (30 min, 5 times), acknowledgements (3 s), Socket Mode's tickets and envelopes, OAuth's codes, refresh
tokens, and arguments that a method does not take. What is refused is refused with Slack's name for it. What only a
mistake of the app's makers can cause is also a line in `violations`.

Stricter than Slack: a reply to a thread that is not there is refused, a text too long to be kept whole is too, and
input blocks in messages are.

Not played: other apps' messages, files, response_urls of modals, attachments, group DMs, shared channels, searching,
user tokens, rich text's inside, mrkdwn's meaning, and rate limits that no weather asks for.
"""

from __future__ import annotations

from tests.fakes.slack.act import Act
from tests.fakes.slack.form import Impossible
from tests.fakes.slack.slack import StrictSlack
from tests.fakes.slack.weather import Weather
from tests.fakes.slack.world import Message

__all__ = ["Act", "Impossible", "Message", "StrictSlack", "Weather"]
