"""Requests for imports, as the workflow of an import makes them."""

from typing import Any

from onboarding.calls.imports import StartImport
from tests.activities.order_requests import CAMPAIGN, SERVICE_PLAN

IMPORT_NAME = "shops import 0001"


def import_of(phone_numbers: list[str], **changes: Any) -> StartImport:
    """The first import of a batch, but for the changes."""
    return StartImport.model_validate(
        {
            "display_name": IMPORT_NAME,
            "region": "US",
            "numbers": tuple(phone_numbers),
            "service_plan_id": SERVICE_PLAN,
            "campaign_id": CAMPAIGN,
            **changes,
        }
    )
