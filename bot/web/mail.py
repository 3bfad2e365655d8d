"""The pages behind the links in mails: confirm, refuse, unsubscribe, come back, look.

GET shows, POST does: mail scanners follow every link, and press nothing. The token in a page's address is all that is
asked for: whoever has the mail may answer it. One of RFC 8058's clicks is a POST to the page that unsubscribes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from http import HTTPStatus

from aiohttp import web

from bot.mail_links import BACK_PATH, CONFIRM_PATH, LEAVE_PATH, MANAGE_PATH, REFUSE_PATH, RESEND_PATH, Links
from bot.serving import Handler, Pages
from bot.web import mail_html as html
from papers.errors import NotFoundError
from papers.ports import Channels
from papers.schedule import next_slot
from papers.services.mailing import Mailing

Answer = Callable[[str, str], str]
"""A page's HTML, from the token in its address and what its form says. Raises NotFoundError."""


class MailPages:
    """The pages of every mailbox. What each does is synchronous, and done off the event loop."""

    def __init__(self, mailing: Mailing, channels: Channels, links: Links, clock: Callable[[], datetime]) -> None:
        self._mailing = mailing
        self._channels = channels
        self._links = links
        self._clock = clock

    @property
    def pages(self) -> Pages:
        """All of them."""
        answers: dict[tuple[str, str], Answer] = {
            ("GET", CONFIRM_PATH): self._ask,
            ("POST", CONFIRM_PATH): self._confirm,
            ("POST", REFUSE_PATH): self._refuse,
            ("GET", LEAVE_PATH): self._before_leaving,
            ("POST", LEAVE_PATH): self._leave,
            ("POST", BACK_PATH): self._come_back,
            ("GET", MANAGE_PATH): self._manage,
            ("POST", RESEND_PATH): self._resend,
        }
        return {(method, f"{path}{{token}}"): _page(answer) for (method, path), answer in answers.items()}

    def _ask(self, token: str, _: str) -> str:
        mailbox, invitation = self._mailing.answering(token)
        return html.asked(mailbox, invitation, token)

    def _confirm(self, token: str, _: str) -> str:
        mailbox, now = self._mailing.confirm(token), self._clock()
        channel = self._channels.channel(mailbox.destination)
        return html.confirmed(channel, next_slot(channel.schedule, now), now, self._links.manage(mailbox))

    def _refuse(self, token: str, _: str) -> str:
        self._mailing.refuse(token)
        return html.refused()

    def _before_leaving(self, token: str, _: str) -> str:
        mailbox = self._mailing.reading(token)
        return html.leaving(mailbox) if mailbox.state == "confirmed" else html.left(token)

    def _leave(self, token: str, _: str) -> str:
        self._mailing.leave(token)
        return html.left(token)

    def _come_back(self, token: str, _: str) -> str:
        self._mailing.come_back(token)
        return self._manage(token, _)

    def _manage(self, token: str, _: str) -> str:
        mailbox = self._mailing.reading(token)
        here = mailbox.destination
        subscriptions, channel = self._channels.subscriptions(here), self._channels.channel(here)
        closed, missed = self._mailing.outbox.suspended(here), self._mailing.missed(mailbox)
        return html.managed(mailbox, subscriptions, channel, closed, missed, token)

    def _resend(self, token: str, mail: str) -> str:
        return html.again(self._mailing.send_again(token, mail), token)


def _page(answer: Answer) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        said = str((await request.post()).get("mail", "")) if request.method == "POST" else ""
        try:
            text = await asyncio.to_thread(partial(answer, request.match_info["token"], said))
        except NotFoundError as error:
            text, status = html.failure(str(error), error.advice), HTTPStatus.NOT_FOUND
        else:
            status = HTTPStatus.OK
        return web.Response(text=text, status=status, content_type="text/html", headers=html.HEADERS)

    return handle
