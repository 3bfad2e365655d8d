"""Discord's own description of its API, held against what was asked: for whoever has the file.

Its home is https://github.com/discord/discord-api-spec. No test needs it: `payloads` has the rules that the tests live
by, this finds where they and Discord differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from tests.fakes.discord.api import Request

KNOWN = ("recipient_id", "attachments")
"""Where discord.py's own bodies are not as described: an integer for a snowflake, and the same in attachments' ids."""


class Description:
    """The bodies that operations take, by their ids."""

    def __init__(self, path: Path) -> None:
        document = json.loads(path.read_text("utf-8"))
        self._components = document["components"]
        self._bodies: dict[str, Any] = {
            operation["operationId"]: operation["requestBody"]["content"]["application/json"]["schema"]
            for methods in document["paths"].values()
            for operation in methods.values()
            if isinstance(operation, dict) and "application/json" in operation.get("requestBody", {}).get("content", {})
        }

    def faults(self, requests: Iterable[Request]) -> list[str]:
        """What is wrong with the bodies of these requests, once for each kind of fault."""
        found = (fault for request in requests if request.body is not None for fault in self._of(request))
        return list(dict.fromkeys(found))

    def _of(self, request: Request) -> Iterable[str]:
        schema = self._bodies.get(request.route)
        if schema is None:
            return
        validator = Draft202012Validator({"allOf": [schema], "components": self._components})
        for error in validator.iter_errors(request.body):
            if not any(name in map(str, error.absolute_path) for name in KNOWN):
                yield f"{request.route} {error.json_path}: {error.message[:200]}"
