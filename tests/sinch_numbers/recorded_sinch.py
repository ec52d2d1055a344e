"""A client whose requests are recorded and whose answers are scripted, to look at the exact wire shape."""

import json
from collections.abc import Iterable
from typing import Any

import httpx
from pydantic import SecretStr

from sinch_numbers import BasicAuthentication, ClientSettings, SinchNumbers

KEY = BasicAuthentication("key-id", SecretStr("key-secret"))
PROJECT = "/v1/projects/project-1"


class RecordedSinch:
    """Gives the scripted answers in turn, the last one for ever."""

    def __init__(self, *answers: httpx.Response | dict[str, Any]) -> None:
        self._answers = [
            answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer) for answer in answers
        ]
        self.requests: list[httpx.Request] = []

    def client(self, **settings: Any) -> SinchNumbers:
        transport = httpx.MockTransport(self.answer)
        return SinchNumbers("project-1", KEY, transport=transport, settings=ClientSettings(**settings))

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    @property
    def lines(self) -> list[str]:
        """Method and undecoded target of each request."""
        return [f"{request.method} {request.url.raw_path.decode()}" for request in self.requests]

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content) if request.content else None for request in self.requests]


def queries(requests: Iterable[httpx.Request]) -> list[dict[str, str]]:
    return [dict(request.url.params) for request in requests]
