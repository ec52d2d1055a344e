"""The Temporal server: reachable, new enough, with our namespace and our search attributes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, GetSystemInfoRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from doctor.diagnosis import Cause, Diagnosis, fine, problem, warning
from onboarding.search_attributes import TYPE_NAMES
from temporal_connection import connect, described_target

CHECK = "temporal"
ATTRIBUTES_CHECK = "search attributes"
OLDEST_SERVER = (1, 29)
SHORTEST_RETENTION = timedelta(days=30)
"""Ended workflows answer `onboard status` and the Web UI for as long as they are kept; reports stay in any case."""


@dataclass
class Server:
    """The way to the server; `client` is there once `look` has found server and namespace."""

    client: Client | None = None

    async def look(self) -> Sequence[Diagnosis]:
        """Connect. Raises InvalidConnection, RPCError."""
        target = described_target()
        try:
            client = await connect()
        except RuntimeError as error:
            step = "start the server, or correct TEMPORAL_ADDRESS or the profile in temporal.toml"
            return [problem(CHECK, target, f"it cannot be reached: {error}", step, Cause.UNAVAILABLE)]
        version = (await client.workflow_service.get_system_info(GetSystemInfoRequest())).server_version
        try:
            retention = await _retention(client)
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
            days = f"{SHORTEST_RETENTION.days}d"
            step = f"temporal operator namespace create --namespace {client.namespace} --retention {days}"
            message = f"there is no namespace {client.namespace}"
            return [problem(CHECK, target, message, step, Cause.CONFIGURATION)]
        self.client = client
        return [_of_version(target, version), *_of_retention(client, target, retention)]


async def _retention(client: Client) -> timedelta:
    request = DescribeNamespaceRequest(namespace=client.namespace)
    described = await client.workflow_service.describe_namespace(request)
    return described.config.workflow_execution_retention_ttl.ToTimedelta()


def _of_version(target: str, version: str) -> Diagnosis:
    if version_number(version) < OLDEST_SERVER:
        wanted = ".".join(map(str, OLDEST_SERVER))
        message = f"server {version} is older than {wanted}, the oldest this was tried with"
        return warning(CHECK, target, message, f"bring the server to {wanted} or newer")
    return fine(CHECK, target, f"server {version}")


def version_number(version: str) -> tuple[int, ...]:
    """`1.29.1` as (1, 29, 1); whatever is no number ends it, so that an unknown form counts as the oldest."""
    parts = []
    for part in version.split("."):
        if not part.isdigit():
            break
        parts.append(int(part))
    return tuple(parts)


def _of_retention(client: Client, target: str, retention: timedelta) -> list[Diagnosis]:
    if retention >= SHORTEST_RETENTION:
        return []
    kept = f"{retention / timedelta(hours=1):.0f} h"
    message = f"namespace {client.namespace} forgets ended workflows after {kept}; only their reports stay"
    days = f"{SHORTEST_RETENTION.days}d"
    step = f"temporal operator namespace update --namespace {client.namespace} --retention {days}"
    return [warning(CHECK, target, message, step)]


async def diagnose_search_attributes(client: Client) -> list[Diagnosis]:
    """Whether all are registered, with the right types. Raises RPCError."""
    request = ListSearchAttributesRequest(namespace=client.namespace)
    known = (await client.operator_service.list_search_attributes(request)).custom_attributes
    missing = {name: kind for name, kind in TYPE_NAMES.items() if name not in known}
    types = {name: IndexedValueType.Name(known[name]) for name in TYPE_NAMES if name in known}
    wrong = [name for name, kind in types.items() if kind != f"INDEXED_VALUE_TYPE_{TYPE_NAMES[name].upper()}"]
    namespace = f"--namespace {client.namespace}"
    if wrong:
        message = f"{', '.join(wrong)} have another type than the product's; workflows fail on that"
        flags = " ".join(f"--name {name}" for name in wrong)
        step = f"temporal operator search-attribute remove {namespace} {flags}; then start a worker, which adds them"
        return [problem(ATTRIBUTES_CHECK, client.namespace, message, step, Cause.CONFIGURATION)]
    if missing:
        flags = " ".join(f"--name {name} --type {kind}" for name, kind in missing.items())
        step = f"start a worker, which adds them, or: temporal operator search-attribute create {namespace} {flags}"
        message = f"{', '.join(missing)} are not registered; no workflow can start"
        return [problem(ATTRIBUTES_CHECK, client.namespace, message, step, Cause.CONFIGURATION)]
    return [fine(ATTRIBUTES_CHECK, client.namespace, f"all {len(TYPE_NAMES)} are registered")]
