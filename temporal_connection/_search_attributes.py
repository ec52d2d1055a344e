"""Registering the search attributes, where the server lets us."""

import asyncio
from collections.abc import Collection, Mapping

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

_TYPES = {
    "Keyword": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "Int": IndexedValueType.INDEXED_VALUE_TYPE_INT,
    "Datetime": IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
}
_KNOWN_WITHIN_SECONDS = 30.0
_ASK_EVERY_SECONDS = 0.2


class NotRegistered(RuntimeError):
    """The server does not let us register search attributes; the message says what to do."""


async def register_search_attributes(client: Client, type_names: Mapping[str, str]) -> list[str]:
    """Register what is missing of `name -> type name`; returns the names that were added, once they can be used.

    Waits ten seconds for a server that went away after the client connected. Raises NotRegistered. Without the
    attributes workflows cannot start, so this comes before any work.
    """
    try:
        known = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace=client.namespace), retry=True
        )
        missing = {name: kind for name, kind in type_names.items() if name not in known.custom_attributes}
        if missing:
            await client.operator_service.add_search_attributes(
                AddSearchAttributesRequest(
                    namespace=client.namespace,
                    search_attributes={name: _TYPES[kind] for name, kind in missing.items()},
                )
            )
            await _until_known(client, missing)
    except RPCError as error:
        flags = " ".join(f"--name {name} --type {kind}" for name, kind in type_names.items())
        raise NotRegistered(
            f"the server refuses to register search attributes ({error.message}); run: "
            f"temporal operator search-attribute create --namespace {client.namespace} {flags}"
        ) from error
    return sorted(missing)


async def _until_known(client: Client, names: Collection[str]) -> None:
    """A server on a SQL database reads its namespaces anew every few seconds, and refuses new attributes till then."""
    deadline = asyncio.get_running_loop().time() + _KNOWN_WITHIN_SECONDS
    query = " OR ".join(f"{name} IS NULL" for name in names)
    while True:
        try:
            await client.count_workflows(query)
        except RPCError as error:
            if error.status is not RPCStatusCode.INVALID_ARGUMENT:
                raise
            if asyncio.get_running_loop().time() > deadline:
                raise NotRegistered(
                    f"the server took the search attributes {', '.join(names)} and does not know them "
                    f"{_KNOWN_WITHIN_SECONDS:.0f} s later; start the worker again"
                ) from error
            await asyncio.sleep(_ASK_EVERY_SECONDS)
        else:
            return
