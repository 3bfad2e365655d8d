"""A small app of slack_bolt's that does a little of everything, for the strict Slack's own tests."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

Json = dict[str, Any]
SHOP = "https://shop.example.org/1"


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def buttons(*names: str) -> list[Json]:
    made = [{"type": "button", "action_id": name, "text": plain(name), "value": f"{name}!"} for name in names]
    return [{"type": "actions", "elements": made}]


def form(callback_id: str = "form", **more: Any) -> Json:
    text: Json = {"type": "plain_text_input", "action_id": "words", "max_length": 9}
    options = [{"text": plain(one), "value": one} for one in ("few", "many")]
    menu = {"type": "radio_buttons", "action_id": "volume", "options": options, "initial_option": options[0]}
    picker = {"type": "conversations_select", "action_id": "where", "default_to_current_conversation": True}
    asked = [("query", text, {"dispatch_action": True}), ("volume", menu, {}), ("where", picker, {})]
    inputs = [
        {"type": "input", "block_id": name, "label": plain(name), "element": one, **flags} for name, one, flags in asked
    ]
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain("A form"),
        "submit": plain("Send"),
        "notify_on_close": True,
        "blocks": [*inputs, *buttons("more")],
        **more,
    }


async def nothing() -> None:
    """What is to be done about most events."""


def register(app: AsyncApp) -> None:
    """All of its listeners."""
    for silent in ("channel_archive", "tokens_revoked", "app_uninstalled"):
        app.event(silent)(nothing)
    sell_by_command(app)
    sell_by_button(app)
    show_forms(app)
    show_elsewhere(app)


def sell_by_command(app: AsyncApp) -> None:
    """/shop, with a word for each way to answer."""

    @app.command("/shop")
    async def shop(ack: Any, respond: Any, client: Any, body: Json) -> None:
        match body["text"]:
            case "now":
                await ack("at once")
            case "form":
                await ack()
                await client.views_open(trigger_id=body["trigger_id"], view=form())
            case "badly":
                await ack()
                await respond(blocks=[{"type": "section", "text": plain("")}])
            case "late":
                await asyncio.sleep(3.2)
                await ack()
            case text:
                await ack()
                await respond(text, blocks=buttons("buy", "sell", "gone"), response_type="in_channel")


def sell_by_button(app: AsyncApp) -> None:
    """A click changes, deletes or answers its message."""

    @app.action("buy")
    async def buy(ack: Any, respond: Any, body: Json) -> None:
        await ack()
        await respond(f"bought {body['actions'][0]['value']}", replace_original=True)

    @app.action("gone")
    async def gone(ack: Any, respond: Any) -> None:
        await ack()
        await respond(delete_original=True)

    @app.action("sell")
    async def sell(ack: Any, respond: Any) -> None:
        await ack()
        await respond("only you see this", blocks=buttons("buy"))


def show_forms(app: AsyncApp) -> None:
    """Modals on top of each other, updated, refused, closed."""

    @app.action("more")
    async def more(ack: Any, client: Any, body: Json) -> None:
        await ack()
        with suppress(SlackApiError):
            await client.views_push(trigger_id=body["trigger_id"], view=form("deeper", notify_on_close=False))

    @app.action("words")
    async def words(ack: Any, client: Any, body: Json) -> None:
        await ack()
        view = body["view"]
        await client.views_update(view_id=view["id"], hash=view["hash"], view=form(title=plain("Updated")))

    @app.view("form")
    async def sent(ack: Any, view: Json) -> None:
        is_bad = view["state"]["values"]["query"]["words"]["value"] == "bad"
        await (ack(response_action="errors", errors={"query": "no"}) if is_bad else ack())

    @app.view_closed("form")
    async def closed(ack: Any) -> None:
        await ack()


def show_elsewhere(app: AsyncApp) -> None:
    """A shortcut, the Home tab, cards of links."""

    @app.shortcut("similar")
    async def similar(ack: Any, client: Any, body: Json) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form(title=plain(body["message"]["text"])))

    @app.event("app_home_opened")
    async def home(client: Any, event: Json) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": buttons("sell-all")})

    @app.action("sell-all")
    async def sell_all(ack: Any) -> None:
        await ack()

    @app.event("link_shared")
    async def link(client: Any, event: Json) -> None:
        cards = {SHOP: {"blocks": [{"type": "section", "text": plain("A card")}]}}
        await client.chat_unfurl(unfurl_id=event["unfurl_id"], source=event["source"], unfurls=cards)
