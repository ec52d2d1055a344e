"""A simulator in a process of its own, with a project in it that has something of everything."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx

from simulator.settings import LOCAL_KEY_ID, LOCAL_KEY_SECRET, LOCAL_PROJECT_ID
from tests.contract.operations import (
    CAMPAIGN,
    IMPORTED_NUMBERS,
    ORDERED_NUMBERS,
    QUALIFIED_NUMBERS,
    QUALIFIED_TOLL_FREE_NUMBERS,
    SERVICE_PLAN,
)

ACCESS_KEY = (LOCAL_KEY_ID, LOCAL_KEY_SECRET)
_HOUR = 3600
_ENDS_WITHIN_SECONDS = 30


@dataclass(frozen=True)
class SimulatedProject:
    """`url` is the API host; `order` is an order with numbers in all states."""

    url: str
    control: httpx.Client
    api: httpx.Client
    order: str = ""

    def send(self, method: str, path: str, body: object = None) -> Any:
        """A request below the project that must go well; its JSON answer."""
        answer = self.api.request(method, f"{self.url}/v1/projects/{LOCAL_PROJECT_ID}/{path}", json=body)
        return answer.raise_for_status().json()

    def verify(self, number: str) -> None:
        """Ring the phone of a number that is eligible, and enter the code that it heard."""
        self.send("POST", f"qualifiedNumbers/{number}:sendVoiceChallenge")
        code = self.control.get(f"/_sim/phones/{number}").json()["calls"][-1]["code"]
        self.send("POST", f"qualifiedNumbers/{number}:verifyVoiceChallenge", {"code": code})

    def advance(self, hours: float) -> None:
        """Let virtual time pass; it stands still otherwise, as far as a test is concerned."""
        self.control.post("/_sim/clock", json={"advance_seconds": hours * _HOUR}).raise_for_status()


@contextmanager
def simulated_project(host: str = "sinch_imported") -> Iterator[SimulatedProject]:
    """An empty project, seen from one of the API hosts."""
    environment = {**os.environ, "SIMULATOR_KEY_SECRET": LOCAL_KEY_SECRET}
    command = [sys.executable, "-m", "simulator"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            endpoints = json.loads(process.stdout.readline())
            with (
                httpx.Client(base_url=endpoints["simulator_control"], timeout=30) as control,
                httpx.Client(auth=ACCESS_KEY, timeout=30) as api,
            ):
                yield SimulatedProject(endpoints[host], control, api)
        finally:
            process.terminate()
            process.wait(timeout=_ENDS_WITHIN_SECONDS)


@contextmanager
def furnished_project() -> Iterator[SimulatedProject]:
    """A project whose numbers are what their names in the contract say, and with an order under way."""
    with simulated_project() as project:
        verified = (*QUALIFIED_NUMBERS[:2], *QUALIFIED_TOLL_FREE_NUMBERS)
        project.send("POST", "qualifiedNumbers:addNumbers", {"phoneNumbers": [*verified, *QUALIFIED_NUMBERS[2:]]})
        project.send("POST", "hostingOrders:textEnableNumbers", _order(IMPORTED_NUMBERS))
        project.advance(hours=40)
        for number in verified:
            project.verify(number)
        project.send("POST", f"qualifiedNumbers/{QUALIFIED_NUMBERS[2]}:sendVoiceChallenge")
        order = project.send("POST", "hostingOrders:textEnableNumbers", _order(ORDERED_NUMBERS))["hostingOrderId"]
        yield replace(project, order=order)


def _order(numbers: tuple[str, ...]) -> dict[str, object]:
    return {
        "regionCode": "US",
        "numbers": numbers,
        "servicePlanId": SERVICE_PLAN,
        "campaignId": CAMPAIGN,
        "blanketLoaInfo": {},
    }
