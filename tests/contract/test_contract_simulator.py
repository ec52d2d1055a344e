"""The simulator, asked for everything that the contract allows and for what it does not, keeps to the contract.

Schemathesis makes the requests: well-formed ones, and ones with a mistake in each place. Every answer has a status and
a shape that the contract names, credentials are always demanded, and nothing makes the simulator fail.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from simulator.settings import LOCAL_PROJECT_ID
from tests.contract.document import openapi_document
from tests.contract.operations import PLACEHOLDER_ORDER
from tests.contract.simulated_project import ACCESS_KEY, SimulatedProject, furnished_project

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
    allow_header_conformance,
    ignored_auth,
]

contract = schemathesis.openapi.from_dict(openapi_document(LOCAL_PROJECT_ID))


@pytest.fixture(scope="module")
def project() -> Iterator[SimulatedProject]:
    """One project for all operations."""
    with furnished_project() as furnished:
        yield furnished


@contract.parametrize()
@settings(max_examples=25, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_simulator_answers_only_what_the_contract_allows(
    case: schemathesis.Case[Any], project: SimulatedProject
) -> None:
    if case.path_parameters.get("hostingOrderId") == PLACEHOLDER_ORDER:
        case.path_parameters["hostingOrderId"] = project.order
    case.call_and_validate(base_url=project.url, auth=ACCESS_KEY, checks=CHECKS)
