"""Every example that Sinch shows is accepted by the simulator, read by the client, and can be sent by the client."""

import pytest

from tests.contract.examples import RELINKED, REQUESTS, Example
from tests.simulator.driver import PROJECT, Driver, driving

each_request = pytest.mark.parametrize("example", REQUESTS, ids=lambda example: example.name)


async def _ready(sinch: Driver, example: Example) -> None:
    for number, need in example.needs.items():
        match need:
            case "imported":
                await sinch.imported(number)
            case "verified" | "eligible and called":
                await sinch.add(number)
                await sinch.advance(hours=6)
                await sinch.call(number)
        if need == "verified":
            (heard,) = await sinch.calls_of(number)
            assert (await sinch.enter(number, heard["code"])).status_code == 200


@each_request
async def test_the_simulator_takes_the_example_and_the_client_reads_its_answer(example: Example) -> None:
    async with driving() as sinch:
        await _ready(sinch, example)
        answer = await sinch.api.request(example.method, f"{PROJECT}/{example.path}", json=example.body)
        assert answer.status_code == 200, answer.text
        read = example.answer.model_validate(answer.json())
        assert not read.model_extra


@pytest.mark.parametrize(
    "example", [example for example in REQUESTS if example.request], ids=lambda example: example.name
)
def test_the_client_can_send_the_example_as_it_is_shown(example: Example) -> None:
    assert example.request is not None
    request = example.request.model_validate(example.body)
    assert request.model_dump(mode="json", by_alias=True, exclude_none=True) == example.body


async def test_a_number_is_unlinked_and_linked_to_something_else_as_shown() -> None:
    (unlinking,) = (example for example in REQUESTS if example.name == "a number is unlinked")
    async with driving() as sinch:
        await _ready(sinch, unlinking)
        await sinch.patch(f"/{unlinking.path}", unlinking.body)
        await sinch.advance(hours=3)
        assert (await sinch.patch(f"/{unlinking.path}", RELINKED)).status_code == 200
