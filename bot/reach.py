"""What it means that a platform was not reached: certainly nothing was done there, and it is soon tried again."""

from __future__ import annotations

from typing import Final

import aiohttp

NOT_REACHED: Final = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)
"""Raised before a byte of the request is sent: no address, no connection, no TLS, no way through the proxy."""

AGAIN: Final = 2.0
"""Seconds before a platform that was not reached is tried again."""
