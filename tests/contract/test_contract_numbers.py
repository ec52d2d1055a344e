"""The simulator's Numbers host, asked for everything that the contract allows and for what it does not.

As `test_contract_simulator.py` does for the imported host.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from simulator.settings import LOCAL_PROJECT_ID
from tests.contract.document import openapi_document
from tests.contract.numbers_operations import ACTIVE_NUMBERS, NUMBERS_API
from tests.contract.operations import CAMPAIGN, SERVICE_PLAN
from tests.contract.simulated_project import ACCESS_KEY, SimulatedProject, simulated_project
from tests.contract.test_contract_simulator import CHECKS

contract = schemathesis.openapi.from_dict(openapi_document(LOCAL_PROJECT_ID, NUMBERS_API))


@pytest.fixture(scope="module")
def project_with_active_numbers() -> Iterator[SimulatedProject]:
    """One project for all operations, whose numbers are linked, or failed to be, and one of them released."""
    services = {
        "smsConfiguration": {"servicePlanId": SERVICE_PLAN, "campaignId": CAMPAIGN},
        "voiceConfiguration": {"type": "EST", "trunkId": "a-trunk"},
    }
    with simulated_project("sinch_numbers") as project:
        for number in ACTIVE_NUMBERS:
            project.send("POST", f"availableNumbers/{number}:rent", services)
        project.advance(hours=24)
        project.send("POST", f"activeNumbers/{ACTIVE_NUMBERS[0]}:release")
        yield project


@contract.parametrize()
@settings(max_examples=15, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_numbers_host_answers_only_what_the_contract_allows(
    case: schemathesis.Case[Any], project_with_active_numbers: SimulatedProject
) -> None:
    case.call_and_validate(base_url=project_with_active_numbers.url, auth=ACCESS_KEY, checks=CHECKS)
