"""The activities of each worker role: all that workflows can call, each on the queue where it is called."""

from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import pytest
from temporalio import activity

from activities.registry import ACTIVITIES_BY_ROLE, Activities
from onboarding import calls
from onboarding.calls import documents
from onboarding.calls.call import Call
from onboarding.calls.documents import GroupRows
from onboarding.calls.hosting_orders import CREATE_ORDER
from onboarding.calls.invoices import SEND_INVOICES
from onboarding.calls.qualification import ADD_NUMBERS, AddNumbers
from onboarding.task_queues import MAIL, ROLES, SINCH, WORKFLOWS, sinch_queue
from simulator.settings import LOCAL_KEY_ID, LOCAL_KEY_SECRET, LOCAL_PROJECT_ID
from tests.activities.mail_requests import invoices_for
from tests.activities.order_requests import order_of
from tests.activities.run_activity import run
from tests.activities.simulated_sinch import SimulatedSinch, numbers

CALLS = tuple(import_module(f"{calls.__name__}.{module.name}") for module in iter_modules(calls.__path__))


@pytest.fixture
def settings(sinch: SimulatedSinch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a worker whose Sinch and mail server are the simulated ones."""
    host, _, port = sinch.endpoints.smtp.partition(":")
    values = {
        "SINCH_PROJECT_ID": LOCAL_PROJECT_ID,
        "SINCH_KEY_ID": LOCAL_KEY_ID,
        "SINCH_KEY_SECRET": LOCAL_KEY_SECRET,
        "SINCH_IMPORTED_URL": sinch.endpoints.sinch_imported,
        "SINCH_TOKEN_URL": sinch.endpoints.sinch_oauth,
        "CALLBACK_PUBLIC_URL": "https://callbacks.example.com",
        "CALLBACK_TOKEN_KEY": "k" * 32,
        "SMTP_HOST": host,
        "SMTP_PORT": port,
        "SMTP_TLS": "none",
        "MAIL_FROM": "numbers@example.com",
        "DOCUMENT_STORE": str(tmp_path),
    }
    for name, value in values.items():
        monkeypatch.setenv(f"ONBOARD_{name}", value)


def _calls(modules: tuple[ModuleType, ...]) -> Iterator[Call[Any, Any]]:
    for module in modules:
        yield from (value for value in vars(module).values() if isinstance(value, Call))


def _name(method: Callable[..., Any]) -> str:
    definition = activity._Definition.must_from_callable(method)
    assert definition.name is not None
    return definition.name


def _named(activities: Activities, call: Call[Any, Any]) -> Callable[[Any], Any]:
    return next(method for method in activities if _name(method) == call.name)


@pytest.mark.usefixtures("settings")
async def test_every_call_is_implemented_by_the_role_that_serves_its_queue() -> None:
    called = {
        role: {queue: {call.name for call in _calls(CALLS) if call.task_queue == queue}}
        for role, queue in ROLES.items()
    }
    async with AsyncExitStack() as stack:
        implemented = {
            role: {
                queue: {_name(method) for method in methods}
                for queue, methods in (await stack.enter_async_context(activities())).items()
            }
            for role, activities in ACTIVITIES_BY_ROLE.items()
        }
    assert implemented == called


@pytest.mark.usefixtures("settings")
async def test_a_worker_with_these_settings_talks_to_sinch(sinch: SimulatedSinch) -> None:
    async with ACTIVITIES_BY_ROLE["sinch"]() as by_queue:
        activities = by_queue[SINCH]
        await run(_named(activities, ADD_NUMBERS), AddNumbers(phone_numbers=tuple(numbers(2))))
        created = await run(_named(activities, CREATE_ORDER), order_of(numbers(2)))
    assert len(await sinch.ledger("qualified_number_added")) == 2
    order = await sinch.client.hosting_orders.get(created.hosting_order_id)
    assert (order.callback_url or "").startswith("https://callbacks.example.com/callbacks/")


@pytest.mark.usefixtures("settings")
async def test_every_profile_has_a_queue_with_the_same_activities(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profiles = tmp_path / "profiles.toml"
    profiles.touch(mode=0o600)
    profiles.write_text('[retail]\nproject_id = "p"\nkey_id = "k"\nkey_secret = "s"\n')
    monkeypatch.setenv("ONBOARD_SINCH_PROFILES", str(profiles))
    async with ACTIVITIES_BY_ROLE["sinch"]() as by_queue:
        names = {queue: [_name(method) for method in methods] for queue, methods in by_queue.items()}
    assert set(names) == {SINCH, sinch_queue("retail")}
    assert names[SINCH] == names[sinch_queue("retail")]


@pytest.mark.usefixtures("settings")
async def test_a_worker_with_these_settings_mails_what_is_in_its_store(sinch: SimulatedSinch) -> None:
    async with ACTIVITIES_BY_ROLE["workflows"]() as by_queue:
        rows = GroupRows(batch="shops", sequence=1, rows=())
        stored = await run(_named(by_queue[WORKFLOWS], documents.STORE_GROUP_ROWS), rows)
    async with ACTIVITIES_BY_ROLE["mail"]() as by_queue:
        await run(_named(by_queue[MAIL], SEND_INVOICES), invoices_for(numbers(2), stored.file))
    (mail,) = await sinch.mails()
    assert mail["attachments"] == [{"name": "shops-0001-rows.json", "size": stored.file.size}]
