"""Numbers of the legacy Number Administration API: looked at, rented, given to applications and taken from them.

Reservation and checkout are not repeated here: their workflow reads what is rented before it sends one again.
Assigning reads the application's list, overwrites it and reads it again, so it may be repeated, and so may unassigning.
"""

from temporalio import activity

from activities.failures import sinch_failures
from activities.legacy_clients import LegacyClients
from onboarding.calls.legacy_numbers import (
    ASSIGN,
    CHECK_OUT,
    READ_RENTED,
    READ_SHOP,
    RESERVE,
    UNASSIGN,
    ApplicationSet,
    CheckedOut,
    CheckOut,
    CheckOutOutcome,
    ReadRented,
    ReadShop,
    RentedRead,
    RentedSeen,
    Reserved,
    ReserveNumbers,
    SetApplication,
    ShopGroup,
    ShopRead,
)
from onboarding.money import Money
from sinch_numbers import InvalidArgument, SinchError
from sinch_numbers.legacy import (
    ApplicationConfiguration,
    Capability,
    ForbiddenRequest,
    NotEnoughCredit,
    NumberGroup,
    RefusedRequest,
    RentedNumber,
    ResourceNotFound,
)

_CHECKOUT_ANSWERS: dict[type[SinchError], CheckOutOutcome] = {
    NotEnoughCredit: CheckOutOutcome.NOT_ENOUGH_CREDIT,
    ApplicationConfiguration: CheckOutOutcome.NO_ACCOUNTING,
    ResourceNotFound: CheckOutOutcome.NOT_THERE,
    InvalidArgument: CheckOutOutcome.REFUSED,
    ForbiddenRequest: CheckOutOutcome.REFUSED,
}


class LegacyNumbers:
    """The account of one profile."""

    def __init__(self, clients: LegacyClients) -> None:
        """Without an account every call fails until the settings have one."""
        self._clients = clients

    @activity.defn(name=READ_SHOP.name)
    async def read_shop(self, request: ReadShop) -> ShopRead:
        """What can be rented. Sinch API: L4."""
        client = await self._clients.of(request.organisation_id)
        with sinch_failures():
            try:
                groups = await client.groups()
            except ForbiddenRequest as error:
                return ShopRead(refusal=str(error))
        return ShopRead(groups=tuple(map(shop_group, groups)))

    @activity.defn(name=READ_RENTED.name)
    async def read_rented(self, request: ReadRented) -> RentedRead:
        """What is rented. Sinch API: L7."""
        client = await self._clients.of(request.organisation_id)
        with sinch_failures():
            try:
                rented = await client.rented_numbers()
            except ForbiddenRequest as error:
                return RentedRead(refusal=str(error))
        asked = set(request.phone_numbers)
        meant = [n for n in rented if n.number in asked or n.group_id == request.group_id]
        return RentedRead(numbers=tuple(map(_seen, meant)))

    @activity.defn(name=RESERVE.name)
    async def reserve(self, request: ReserveNumbers) -> Reserved:
        """Keep numbers for a while. Sinch API: L5."""
        client = await self._clients.of(request.organisation_id)
        with sinch_failures():
            try:
                reservation = await client.reserve(request.group_id, request.quantity)
            except (InvalidArgument, ForbiddenRequest) as error:
                return Reserved(refusal=str(error))
        return Reserved(reference_id=reservation.reference_id)

    @activity.defn(name=CHECK_OUT.name)
    async def check_out(self, request: CheckOut) -> CheckedOut:
        """Rent what is reserved. Sinch API: L6."""
        client = await self._clients.of(request.organisation_id)
        with sinch_failures():
            try:
                await client.check_out([request.reference_id])
            except tuple(_CHECKOUT_ANSWERS) as error:
                outcome = next(said for kind, said in _CHECKOUT_ANSWERS.items() if isinstance(error, kind))
                return CheckedOut(outcome=outcome, message=str(error))
        return CheckedOut(outcome=CheckOutOutcome.CHECKED_OUT)

    @activity.defn(name=ASSIGN.name)
    async def assign(self, request: SetApplication) -> ApplicationSet:
        """Add numbers to the list of an application. Sinch API: L8, L9, L8."""
        client, capability = await self._clients.of(None), Capability(request.capability)
        with sinch_failures():
            try:
                done = await client.assign(request.application_key, capability, request.phone_numbers)
            except (ResourceNotFound, RefusedRequest) as error:
                return ApplicationSet(refusal=str(error))
        return ApplicationSet(
            changed=tuple(number for number in request.phone_numbers if number in done.on_the_list),
            lost=tuple(number for number in request.phone_numbers if number in done.lost),
        )

    @activity.defn(name=UNASSIGN.name)
    async def unassign(self, request: SetApplication) -> ApplicationSet:
        """Take numbers out of the lists of an application, those that are there. Sinch API: L8, L10, L8."""
        client, key = await self._clients.of(None), request.application_key
        with sinch_failures():
            try:
                there = {number.number for number in await client.application_numbers(key)}
                for number in there.intersection(request.phone_numbers):
                    await client.unassign(key, number)
                there = {number.number for number in await client.application_numbers(key)}
            except (ResourceNotFound, RefusedRequest) as error:
                return ApplicationSet(refusal=str(error))
        return ApplicationSet(
            changed=tuple(number for number in request.phone_numbers if number not in there),
            lost=tuple(number for number in request.phone_numbers if number in there),
        )


def shop_group(group: NumberGroup) -> ShopGroup:
    """A group as the domain knows it."""
    return ShopGroup(
        group_id=group.group_id,
        country_id=group.country_id,
        city=group.city,
        area_code=group.area_code,
        capability=str(group.type),
        availability=group.availability,
        cost=Money(amount=group.cost.amount, currency_id=group.cost.currency_id),
    )


def _seen(number: RentedNumber) -> RentedSeen:
    return RentedSeen(
        phone_number=number.number,
        capabilities=tuple(map(str, number.capabilities)),
        application_key=number.application_key,
    )
