"""Wishes at the legacy API: the cheapest group that fits comes first, and no offer passes the spending limit."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from onboarding.calls.legacy_numbers import ShopGroup
from onboarding.legacy_wishes import LegacyAction, LegacyWish, offers
from onboarding.money import Money


def group(group_id: int, cost: str, currency_id: str = "USD", **changes: Any) -> ShopGroup:
    fields = {
        "group_id": group_id, "country_id": "US", "city": "Atlanta", "area_code": "404", "capability": "sms",
        "availability": 10, "cost": {"amount": cost, "currency_id": currency_id},
    }  # fmt: skip
    return ShopGroup.model_validate(fields | changes)


def wish(quantity: int, limit: str, **changes: Any) -> LegacyWish:
    spending_limit = Money(amount=Decimal(limit), currency_id="USD")
    fields = {"id": "w", "action": LegacyAction.BUY, "application_key": "a", "spending_limit": spending_limit}
    return LegacyWish.model_validate(fields | {"quantity": quantity} | changes)


def offered(wanted: LegacyWish, *groups: ShopGroup) -> list[tuple[int, int]]:
    return [(offer.group_id, offer.quantity) for offer in offers(wanted, groups)]


def test_the_cheapest_numbers_come_first() -> None:
    assert offered(wish(12, "100"), group(1, "2.00"), group(2, "1.00")) == [(2, 10), (1, 2)]


def test_only_groups_that_fit_are_offered() -> None:
    strangers = (
        group(1, "1", capability="voice"),
        group(2, "1", country_id="GB"),
        group(3, "1", area_code="504"),
        group(4, "1", availability=0),
    )
    wanted = wish(1, "100", country_id="US", area_code="404")
    assert offered(wanted, *strangers) == []
    assert offered(wanted, *strangers, group(5, "9")) == [(5, 1)]
    assert offered(wish(1, "100", group_id=3), *strangers) == [(3, 1)]


def test_prices_in_another_currency_are_no_offer() -> None:
    euro = group(1, "0.01", "EUR")
    assert offered(wish(1, "100"), euro) == []
    assert offered(wish(1, "100"), euro, group(2, "3")) == [(2, 1)]


def test_numbers_that_cost_nothing_need_no_limit() -> None:
    assert offered(wish(3, "0"), group(1, "0")) == [(1, 3)]


PRICES = st.decimals(0, 5, places=2)


@given(st.lists(st.tuples(PRICES, st.integers(0, 5)), max_size=4), st.integers(0, 20), st.decimals(0, 20, places=2))
def test_offers_never_pass_limit_quantity_and_availability(
    shop: list[tuple[Decimal, int]], quantity: int, limit: Decimal
) -> None:
    groups = [group(i, str(cost), availability=there) for i, (cost, there) in enumerate(shop)]
    found = offers(wish(quantity, str(limit)), groups)
    assert sum(offer.quantity for offer in found) <= quantity
    assert sum((offer.cost.amount * offer.quantity for offer in found), Decimal(0)) <= limit
    assert all(0 < offer.quantity <= groups[offer.group_id].availability for offer in found)
