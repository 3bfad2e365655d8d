"""Looks whether feeds can be reached where the settings say: for `paperboy doctor`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Final

import aiohttp

from bot.checked import Checked
from bot.web.manners import PRIVATE
from papers.outlet import FOLDER

NOBODY_S: Final = f"{FOLDER}/doctor.atom"
"""No channel's feed, so that it answers 404, in its own manner."""

PATIENCE: Final = 10.0
"""Seconds."""

MEND: Final = f"let the proxy there pass {FOLDER}/ on to `paperboy web`"


async def examine(public_url: str) -> AsyncIterator[Checked]:
    """Whether `paperboy web` answers there."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE)) as browser,
            browser.get(public_url + NOBODY_S, allow_redirects=False) as answer,
        ):
            status, marks = answer.status, answer.headers
    except (aiohttp.ClientError, TimeoutError) as error:
        yield Checked("warning", f"feeds: {public_url} cannot be reached: {str(error) or type(error).__name__}", MEND)
        return
    is_ours = status == HTTPStatus.NOT_FOUND and all(marks.get(name) == value for name, value in PRIVATE.items())
    if is_ours:
        yield Checked("good", f"feeds: `paperboy web` answers at {public_url}")
    else:
        yield Checked("warning", f"feeds: something else answers at {public_url} ({status})", MEND)
