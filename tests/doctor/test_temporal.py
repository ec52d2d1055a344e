"""The Temporal server itself: away, without our namespace, forgetful, or without our search attributes."""

import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client

from doctor.checks import Check, carry_out
from doctor.diagnosis import Cause, Diagnosis, Level
from doctor.temporal import Server, diagnose_search_attributes, version_number
from onboarding.search_attributes import TYPE_NAMES
from temporal_connection import register_search_attributes
from tests.temporal_server import temporal_server


async def looked_at(server: Server) -> list[Diagnosis]:
    return await carry_out([Check("temporal", "server", server.look)])


async def test_a_server_that_can_be_worked_with_is_handed_on(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    await client.workflow_service.register_namespace(
        RegisterNamespaceRequest(namespace="forgetful", workflow_execution_retention_period=Duration(seconds=86_400))
    )
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "forgetful")
    monkeypatch.setenv("TEMPORAL_ADDRESS", client.service_client.config.target_host)
    server = Server()
    version, retention = await looked_at(server)
    assert version.level is Level.OK
    assert (retention.level, retention.next_step) == (
        Level.WARNING,
        "temporal operator namespace update --namespace forgetful --retention 30d",
    )
    assert server.client is not None


async def test_a_missing_namespace_is_told_with_the_command_that_makes_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", client.service_client.config.target_host)
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "onboarding")
    server = Server()
    (found,) = await looked_at(server)
    assert (found.cause, found.message) == (Cause.CONFIGURATION, "there is no namespace onboarding")
    assert found.next_step == "temporal operator namespace create --namespace onboarding --retention 30d"
    assert server.client is None


async def test_a_server_that_is_away_is_told_from_settings_that_are_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    (away,) = await looked_at(Server())
    monkeypatch.setenv("TEMPORAL_PROFILE", "nobody")
    (wrong,) = await looked_at(Server())
    assert (away.cause, away.subject) == (Cause.UNAVAILABLE, "127.0.0.1:1 / default")
    assert (wrong.cause, "temporal.toml" in wrong.message) == (Cause.CONFIGURATION, True)


async def test_search_attributes_are_compared_by_name_and_type(temporal_cli: str) -> None:
    async with temporal_server(temporal_cli, registered=False) as server:
        client = server.client
        (missing,) = await diagnose_search_attributes(client)
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace=client.namespace,
                search_attributes={"OnboardingStage": IndexedValueType.INDEXED_VALUE_TYPE_TEXT},
            )
        )
        await register_search_attributes(client, TYPE_NAMES)
        (wrong,) = await diagnose_search_attributes(client)
    assert missing.message.endswith("are not registered; no workflow can start")
    assert all(f"--name {name} --type {kind}" in missing.next_step for name, kind in TYPE_NAMES.items())
    assert wrong.message.startswith("OnboardingStage have another type")
    assert "temporal operator search-attribute remove --namespace default --name OnboardingStage" in wrong.next_step


async def test_registered_search_attributes_are_well(client: Client) -> None:
    (found,) = await diagnose_search_attributes(client)
    assert found.level is Level.OK


@pytest.mark.parametrize(
    ("version", "number"), [("1.29.1", (1, 29, 1)), ("1.31.0-rc.1", (1, 31)), ("unknown", ()), ("", ())]
)
def test_a_version_that_cannot_be_read_counts_as_the_oldest(version: str, number: tuple[int, ...]) -> None:
    assert version_number(version) == number
