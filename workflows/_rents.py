"""The rents of a wish: offers are searched, numbers rented within the limit, and given back where not all are had."""

from collections.abc import Iterable, Sequence

from temporalio import workflow
from temporalio.exceptions import ActivityError

from onboarding import reasons, renting
from onboarding.calls.active_numbers import (
    CHANGE_ACTIVE_NUMBERS,
    CHANGES_A_CALL,
    RENT_NUMBERS,
    RENTS_A_CALL,
    SEARCH_NUMBERS,
    ActiveNumberChanged,
    ChangeActiveNumbers,
    ChangeOutcome,
    NumberRented,
    NumbersToRent,
    NumberToChange,
    NumberToRent,
    Release,
    RentOutcome,
    SearchNumbers,
)
from onboarding.chunks import in_chunks
from onboarding.contracts.rent_numbers import RentState
from onboarding.errors import FailureType
from onboarding.reasons import Reason, reason
from onboarding.renting import MOST_OFFERS, Offer, RentPlace, RentStep, RentWish
from workflows._calling import call, failure_of

_REFUSED = (FailureType.INVALID_ARGUMENT, FailureType.NOT_FOUND, FailureType.CONFLICT)


class Rents:
    """Gets numbers for the places of a wish; `state` is the workflow's."""

    def __init__(self, wish: RentWish, state: RentState) -> None:
        """Places are made with the first run."""
        self._wish = wish
        self._state = state

    def at(self, *steps: RentStep) -> list[RentPlace]:
        """The places at one of these steps, in their order."""
        return [place for place in self._state.places.values() if place.step in steps]

    def put(self, place: RentPlace) -> None:
        """Keep a place as it is now."""
        self._state.places[place.place] = place

    # searching

    async def search(self, polls: bool) -> None:
        """Look for offers where places want some; after a search without an answer, again with the next poll."""
        wanted = self.at(RentStep.WANTED)
        if not wanted or self._state.offers or (self._state.search_unanswered and not polls):
            return
        size = min(MOST_OFFERS, len(wanted) + RENTS_A_CALL)
        request = SearchNumbers(search=self._wish.search, size=size)
        try:
            found = await call(SEARCH_NUMBERS, request, f"search {size} numbers to rent", profile=self._wish.profile)
        except ActivityError as error:
            self._not_searched(error)
            return
        state = self._state
        state.search_unanswered = False
        state.any_failed |= not found.any_is_safe
        known = [*state.gone, *(place.phone_number for place in state.places.values())]
        fresh = [offer for offer in found.offers if offer.phone_number not in known]
        state.offers = [offer for offer in fresh if not offer.needs_documents]
        if not state.offers:
            self.stop(reason(reasons.DOCUMENTS_NEEDED if fresh else reasons.NOT_TO_BE_HAD))
        elif self._wish.all_or_nothing:
            self._stop_unless_all(len(wanted))

    def _stop_unless_all(self, count: int) -> None:
        """Where not all can be had or paid for, no money is spent on some."""
        offers = self._state.offers
        if len(offers) < min(count, MOST_OFFERS):
            self.stop(reason(reasons.NOT_TO_BE_HAD))
            return
        choice = self._choose(min(count, len(offers)))
        if choice.why_no_more is not None:
            self.stop(choice.why_no_more)

    def _not_searched(self, error: ActivityError) -> None:
        kind, message = failure_of(error)
        if kind in _REFUSED:
            self.stop(reason(reasons.SEARCH_REFUSED, message))
        else:
            workflow.logger.warning("no answer to a search: %s", message)
            self._state.search_unanswered = True

    # renting

    async def rent(self, polls: bool) -> None:
        """Rent what is offered, as far as the limit goes; with a poll, ask anew where an answer was lost."""
        if polls:
            for chunk in in_chunks([place for place in self.at(RentStep.RENTING) if place.unanswered], RENTS_A_CALL):
                await self._send(chunk, look_first=True)
        while self._state.offers and (wanted := self.at(RentStep.WANTED)):
            chosen = self._reserve(wanted[:RENTS_A_CALL])
            if not chosen:
                return
            await self._send(chosen, look_first=False)

    def _choose(self, count: int) -> renting.Choice:
        spent = renting.spent(self._state.places.values())
        return renting.choose(self._state.offers, count, spent, self._wish.spending_limit)

    def _reserve(self, wanted: Sequence[RentPlace]) -> list[RentPlace]:
        """Give offers to places; from now on their prices count as spent."""
        choice = self._choose(len(wanted))
        if not choice.offers and choice.why_no_more is not None:
            self.stop(choice.why_no_more)
        self._state.offers = [offer for offer in self._state.offers if offer not in choice.offers]
        places = [self._reserved(place, offer) for place, offer in zip(wanted, choice.offers, strict=False)]
        for place in places:
            self.put(place)
        return places

    def _reserved(self, place: RentPlace, offer: Offer) -> RentPlace:
        chosen = not self._wish.any or self._state.any_failed
        return renting.reserved(place, offer, workflow.now(), chosen=chosen)

    async def _send(self, places: Sequence[RentPlace], *, look_first: bool) -> None:
        items = tuple(self._item(place, look_first=look_first) for place in places)
        request = NumbersToRent(numbers=items, search=self._wish.search, links=self._wish.links)
        try:
            answer = await call(RENT_NUMBERS, request, f"rent {len(items)} numbers", profile=self._wish.profile)
            answers = answer.numbers
        except ActivityError as error:
            workflow.logger.warning("no answer to %d rents: %s", len(items), error.cause)
            answers = tuple(NumberRented(place=item.place, outcome=RentOutcome.NO_ANSWER) for item in items)
        for one in answers:
            self._take(one)
        self._state.last_read = workflow.now()
        if not self.at(RentStep.RENTING):
            self._state.early_events.clear()

    def _item(self, place: RentPlace, *, look_first: bool) -> NumberToRent:
        now = workflow.now()
        is_any = not place.phone_number
        look_only = look_first and (self._gives_up or (is_any and place.may_be_under_way(now)))
        if not look_only:
            self.put(place.model_copy(update={"asked_at": now}))
        return NumberToRent(
            place=place.place, phone_number=place.phone_number, look_first=look_first, look_only=look_only
        )

    def _take(self, answer: NumberRented) -> None:
        place, now = self._state.places[answer.place], workflow.now()
        if place.step is not RentStep.RENTING:
            return
        if answer.outcome is RentOutcome.RENTED and answer.seen is not None:
            self._rented(place, answer)
        elif answer.outcome is RentOutcome.GONE:
            if place.phone_number:
                self._state.gone.append(place.phone_number)
            else:
                self._state.any_failed = True
            self._put_or_end(renting.gone(place, now))
        elif answer.outcome is RentOutcome.REFUSED:
            self.put(renting.refused(place, answer.message, now))
            if self._wish.all_or_nothing:
                self.stop(reason(reasons.RENT_REFUSED, answer.message))
        elif answer.outcome is RentOutcome.NOT_FOUND and self._gives_up and not place.may_be_under_way(now):
            why = self._state.why_no_more
            assert why is not None  # noqa: S101 - giving up has a reason
            self.put(renting.given_up(place, self._end_of(why), why, now))
        else:
            self.put(place.model_copy(update={"unanswered": True}))

    def _rented(self, place: RentPlace, answer: NumberRented) -> None:
        assert answer.seen is not None  # noqa: S101 - the caller has looked
        links, now = self._wish.links, workflow.now()
        known = renting.rented(renting.charged(place, answer.price), answer.seen, links, now)
        for event in self._state.early_events.pop(known.phone_number, []):
            known = renting.told(known, event, links, now)
        self.put(known)
        self._state.offers = [o for o in self._state.offers if o.phone_number != known.phone_number]
        if self._state.why_no_more is not None and self._wish.all_or_nothing:
            self._give_back([known])

    def _put_or_end(self, place: RentPlace) -> None:
        why = self._state.why_no_more
        self.put(place if why is None else place.at(self._end_of(why), workflow.now(), why))

    # no more

    @property
    def _gives_up(self) -> bool:
        """True once a number that is not rented is not wanted any more: it would be given back, or nobody wants it."""
        why = self._state.why_no_more
        return why is not None and (self._wish.all_or_nothing or why.code == reasons.RENT_CANCELLED)

    def stop(self, why: Reason) -> None:
        """Rent no further number; what has no number yet ends for this reason."""
        if self._state.why_no_more is not None:
            return
        self._state.why_no_more = why
        self._state.offers = []
        for place in self.at(RentStep.WANTED):
            self.put(place.at(self._end_of(why), workflow.now(), why))
        rented = [place for place in self._state.places.values() if place.is_rented]
        if self._wish.all_or_nothing and len(rented) < self._wish.quantity:
            self._give_back(rented)

    def _end_of(self, why: Reason) -> RentStep:
        return RentStep.CANCELLED if why.code == reasons.RENT_CANCELLED else RentStep.FAILED

    def _give_back(self, places: Iterable[RentPlace]) -> None:
        for place in places:
            self.put(place.at(RentStep.RELEASING, workflow.now(), reason(reasons.GIVEN_BACK)))

    # giving back

    async def give_back(self, polls: bool) -> None:
        """Release what is to be given back; where an answer was lost, again with the next poll."""
        due = [place for place in self.at(RentStep.RELEASING) if polls or not place.unanswered]
        for chunk in in_chunks(due, CHANGES_A_CALL):
            numbers = tuple(NumberToChange(phone_number=place.phone_number) for place in chunk)
            request = ChangeActiveNumbers(numbers=numbers, change=Release())
            try:
                answer = await call(
                    CHANGE_ACTIVE_NUMBERS, request, f"give {len(chunk)} numbers back", profile=self._wish.profile
                )
                answers = answer.numbers
            except ActivityError as error:
                workflow.logger.warning("%d numbers were not given back: %s", len(chunk), error.cause)
                outcome = ChangeOutcome.NO_ANSWER
                answers = tuple(ActiveNumberChanged(phone_number=n.phone_number, outcome=outcome) for n in numbers)
            for place, one in zip(chunk, answers, strict=True):
                self._given_back(place, one)

    def _given_back(self, place: RentPlace, answer: ActiveNumberChanged) -> None:
        now = workflow.now()
        if answer.outcome in (ChangeOutcome.DONE, ChangeOutcome.NOT_ACTIVE):
            self.put(place.at(RentStep.RELEASED, now, place.reason))
        elif answer.outcome is ChangeOutcome.REFUSED:
            self.put(place.at(RentStep.FAILED, now, reason(reasons.RELEASE_REFUSED, answer.message)))
        else:
            self.put(place.model_copy(update={"unanswered": True}))
