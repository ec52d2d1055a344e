"""The contract as an OpenAPI document, made from the table of operations."""

import re
from typing import Any

from tests.contract.operations import IMPORTED_API, Api, Operation
from tests.contract.resources import FLAT_ERROR, Schema, nested_error

_ON_EVERY_OPERATION = (401, 403)
"""Wrong credentials, another project (Sinch API: errors)."""


def openapi_document(project_id: str, api: Api = IMPORTED_API) -> dict[str, Any]:
    """The whole contract of an API, for one project."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in api.operations:
        path = f"/v1/projects/{{projectId}}/{operation.path}"
        paths.setdefault(path, {})[operation.method.lower()] = _described(api, operation, project_id)
    return {
        "openapi": "3.0.3",
        "info": {"title": api.title, "version": "1.0"},
        "paths": paths,
        "components": {"securitySchemes": {"Basic": {"type": "http", "scheme": "basic"}}},
        "security": [{"Basic": []}],
    }


def _described(api: Api, operation: Operation, project_id: str) -> dict[str, Any]:
    known = api.path_parameters.get(operation.path.partition("/")[0], {})
    in_path = {name: known[name] for name in re.findall(r"{(\w+)}", operation.path)}
    parameters = [_parameter(name, "path", schema) for name, schema in in_path.items()]
    parameters.append(_parameter("projectId", "path", {"type": "string", "enum": [project_id]}))
    parameters += [_parameter(name, "query", schema, needed) for name, (schema, needed) in operation.query.items()]
    described: dict[str, Any] = {
        "operationId": operation.id,
        "parameters": parameters,
        "responses": {
            str(status): _response(api, operation, status)
            for status in (*operation.documented, *operation.ours, *_ON_EVERY_OPERATION)
        },
    }
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": _json(operation.body)}
    return described


def _parameter(name: str, place: str, schema: Schema, required: bool = True) -> dict[str, Any]:
    return {"name": name, "in": place, "required": required, "schema": schema}


def _response(api: Api, operation: Operation, status: int) -> dict[str, Any]:
    if status == 200:
        schema = operation.answer
    elif api.flat_errors and operation.path != "callbackConfiguration":
        schema = FLAT_ERROR
    else:
        schema = nested_error(status)
    return {"description": "", "content": _json(closed(schema)) if schema is not None else {}}


def _json(schema: Schema) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def closed(schema: Schema) -> Schema:
    """The schema with no field allowed that it does not name."""
    copy = dict(schema)
    if "properties" in copy:
        copy["properties"] = {name: closed(field) for name, field in copy["properties"].items()}
        copy["additionalProperties"] = False
    if "items" in copy:
        copy["items"] = closed(copy["items"])
    return copy
