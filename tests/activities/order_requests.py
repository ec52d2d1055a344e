"""Requests for hosting orders, as the workflow of an order makes them."""

from typing import Any

from onboarding.batch import Address, AuthorisedPerson, LoaParty
from onboarding.calls.hosting_orders import CreateOrder

SERVICE_PLAN, CAMPAIGN = "07d6c2621f364b68856fe4938b7bb78f", "C3O8OGA"
DISPLAY_NAME = "shops 0001/1"

PARTY = LoaParty(
    authorised_person=AuthorisedPerson(first_name="Zoë", last_name="Müller", email="zoe@example.com"),
    address=Address(
        building_number="12", street="Main Street", city="Atlanta", state="GA", postal_code="03039", country="US"
    ),
    current_voice_carrier="Verizon",
)


def order_of(phone_numbers: list[str], **changes: Any) -> CreateOrder:
    """The first order of the first group of a batch, but for the changes."""
    return CreateOrder.model_validate(
        {
            "display_name": DISPLAY_NAME,
            "region": "US",
            "numbers": tuple(phone_numbers),
            "service_plan_id": SERVICE_PLAN,
            "campaign_id": CAMPAIGN,
            "loa": PARTY,
            **changes,
        }
    )
