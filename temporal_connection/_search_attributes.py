"""Registering the search attributes, where the server lets us."""

from collections.abc import Mapping

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError

_TYPES = {
    "Keyword": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "Int": IndexedValueType.INDEXED_VALUE_TYPE_INT,
    "Datetime": IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
}


class NotRegistered(RuntimeError):
    """The server does not let us register search attributes; the message is the command to run."""


async def register_search_attributes(client: Client, type_names: Mapping[str, str]) -> list[str]:
    """Register what is missing of `name -> type name`; returns the names that were added.

    Raises NotRegistered. Without the attributes workflows cannot start, so this comes before any work.
    """
    try:
        known = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace=client.namespace)
        )
        missing = {name: kind for name, kind in type_names.items() if name not in known.custom_attributes}
        if missing:
            await client.operator_service.add_search_attributes(
                AddSearchAttributesRequest(
                    namespace=client.namespace,
                    search_attributes={name: _TYPES[kind] for name, kind in missing.items()},
                )
            )
    except RPCError as error:
        flags = " ".join(f"--name {name} --type {kind}" for name, kind in type_names.items())
        raise NotRegistered(
            f"the server refuses to register search attributes ({error.message}); run: "
            f"temporal operator search-attribute create --namespace {client.namespace} {flags}"
        ) from error
    return sorted(missing)
