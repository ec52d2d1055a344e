"""`RentLegacyNumbers`: one reservation and its checkout, brought to a certain end whatever becomes of the answers.

A checkout tells nothing of what it has rented, so the rented numbers are read before it and after. While it is not
certain what a checkout did, the same reservation is checked out again: that cannot rent twice.
"""

from temporalio import workflow
from temporalio.exceptions import ActivityError

from onboarding.calls.legacy_numbers import (
    CHECK_OUT,
    READ_RENTED,
    READ_SHOP,
    RESERVE,
    CheckedOut,
    CheckOut,
    CheckOutOutcome,
    ReadRented,
    ReadShop,
    RentedSeen,
    ReserveNumbers,
)
from onboarding.contracts import legacy_turns as contract
from onboarding.contracts.legacy_turns import LegacyRentOutcome, LegacyRentRequest, LegacyRentResult
from onboarding.legacy_wishes import HeldReservation, LegacyOffer, best_offer
from onboarding.pace import Polling
from workflows._calling import call
from workflows._display import Display
from workflows._legacy_turns import pause

_REFUSALS = {
    CheckOutOutcome.NOT_ENOUGH_CREDIT: LegacyRentOutcome.NOT_ENOUGH_CREDIT,
    CheckOutOutcome.NO_ACCOUNTING: LegacyRentOutcome.NO_ACCOUNTING,
    CheckOutOutcome.REFUSED: LegacyRentOutcome.REFUSED,
}


@workflow.defn(name=contract.RENT_WORKFLOW)
class RentLegacyNumbers:
    """The turn of one wish to rent."""

    @workflow.init
    def __init__(self, request: LegacyRentRequest) -> None:
        """Nothing is known of the account yet."""
        self._request = request
        self._wish = request.wish
        self._before: dict[str, None] = {}

    @workflow.run
    async def run(self, request: LegacyRentRequest) -> LegacyRentResult:
        """ReserveNumbers what the shop has and the budget pays, or take what is held, and check it out."""
        with Display().until_cancelled():
            held = request.held if self._is_good(request.held) else None
            if held is None:
                offer = await self._offer()
                if isinstance(offer, LegacyRentResult):
                    return offer
                reserved = await self._reserve(offer)
                if isinstance(reserved, LegacyRentResult):
                    return reserved
                held = reserved
            self._before = dict.fromkeys(number.phone_number for number in await self._rented(held))
            return await self._check_out(held)

    # the steps

    async def _offer(self) -> LegacyOffer | LegacyRentResult:
        request = ReadShop(organisation_id=self._wish.organisation_id)
        shop = await call(READ_SHOP, request, "read the shop", profile=self._request.profile)
        if shop.refusal:
            return LegacyRentResult(outcome=LegacyRentOutcome.REFUSED, message=shop.refusal)
        offer = best_offer(self._wish, shop.groups, self._request.missing, self._request.budget)
        if offer is None:
            return LegacyRentResult(outcome=LegacyRentOutcome.NOT_OFFERED)
        if not offer.quantity:
            said = f"A number costs {offer.cost}, and {self._request.budget} are left."
            return LegacyRentResult(outcome=LegacyRentOutcome.OVER_THE_LIMIT, message=said)
        return offer

    async def _reserve(self, offer: LegacyOffer) -> HeldReservation | LegacyRentResult:
        until = self._wish.pace.reservation.after(workflow.now())
        request = ReserveNumbers(
            organisation_id=self._wish.organisation_id, group_id=offer.group_id, quantity=offer.quantity
        )
        summary = f"reserve {offer.quantity} numbers of group {offer.group_id} at {offer.cost}"
        try:
            reserved = await call(RESERVE, request, summary, profile=self._request.profile)
        except ActivityError as error:
            return LegacyRentResult(outcome=LegacyRentOutcome.NO_ANSWER, message=str(error.cause))
        if not reserved.reference_id:
            return LegacyRentResult(outcome=LegacyRentOutcome.REFUSED, message=reserved.refusal)
        return HeldReservation(reference_id=reserved.reference_id, offer=offer, until=until)

    async def _check_out(self, held: HeldReservation) -> LegacyRentResult:
        """Until the reservation lapses: ask, read what is rented, and ask again while that is not certain."""
        asked, polling, said = False, Polling(), None
        while self._is_good(held):
            if said is None or said.outcome is not CheckOutOutcome.CHECKED_OUT:
                said = await self._ask_for(held)
            if said and said.outcome in _REFUSALS:
                return LegacyRentResult(outcome=_REFUSALS[said.outcome], held=held, message=said.message)
            if said and said.outcome is CheckOutOutcome.NOT_THERE and not asked:
                break
            asked = True
            rented = await self._newly_rented(held)
            if len(rented) == held.offer.quantity:
                return self._is_rented(held, rented)
            polling = await pause(self._wish.pace, polling, "until the rented numbers are read again")
        rented = await self._newly_rented(held) if asked else ()
        checked_out = said is not None and said.outcome is CheckOutOutcome.CHECKED_OUT
        return self._is_rented(held, rented, certain=checked_out)

    async def _ask_for(self, held: HeldReservation) -> CheckedOut | None:
        """What Sinch said; None where nothing did reach us."""
        request = CheckOut(organisation_id=self._wish.organisation_id, reference_id=held.reference_id)
        try:
            return await call(
                CHECK_OUT, request, f"check {held.offer.quantity} numbers out", profile=self._request.profile
            )
        except ActivityError as error:
            workflow.logger.warning("the checkout of %s was not answered: %s", held.reference_id, error.cause)
            return None

    # what the steps are made of

    def _is_good(self, held: HeldReservation | None) -> bool:
        return held is not None and workflow.now() < held.until

    def _is_rented(self, held: HeldReservation, rented: tuple[str, ...], *, certain: bool = False) -> LegacyRentResult:
        """`certain`: Sinch has said that all of them are rented."""
        missing = held.offer.quantity - len(rented) if certain else 0
        outcome = LegacyRentOutcome.RENTED if rented or missing else LegacyRentOutcome.LAPSED
        return LegacyRentResult(outcome=outcome, phone_numbers=rented, not_shown=missing, cost=held.offer.cost)

    async def _newly_rented(self, held: HeldReservation) -> tuple[str, ...]:
        """What is rented now and was not before; where that is more than was reserved, free numbers go first."""
        new = [number for number in await self._rented(held) if number.phone_number not in self._before]
        free_first = sorted(new, key=lambda number: number.application_key is not None)
        return tuple(number.phone_number for number in free_first[: held.offer.quantity])

    async def _rented(self, held: HeldReservation) -> tuple[RentedSeen, ...]:
        request = ReadRented(organisation_id=self._wish.organisation_id, group_id=held.offer.group_id)
        summary = f"read the rented numbers of group {held.offer.group_id}"
        return (await call(READ_RENTED, request, summary, profile=self._request.profile)).numbers
