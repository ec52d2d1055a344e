"""Searching for numbers to rent, and renting them: never two for one place of a wish.

Renting costs money and takes no idempotency key, so the callback URL of each rent names the wish and the place: it is
what a number whose answer was lost is known by among the active numbers (Sinch API: rent, rentAny).
"""

from temporalio import activity

from activities.active_number_reader import active_number, seen_of
from activities.callback_address import CallbackAddress, callers_callback_url
from activities.failures import sinch_failures
from activities.number_by_number import NumberByNumber, is_final
from onboarding.active_numbers import ActiveLinks, VoiceKind, VoiceLink
from onboarding.calls.active_numbers import (
    RENT_NUMBERS,
    SEARCH_NUMBERS,
    NumberRented,
    NumbersOffered,
    NumbersRented,
    NumbersToRent,
    NumberToRent,
    RentOutcome,
    SearchNumbers,
)
from onboarding.renting import NumberSearch, Offer, Price
from sinch_numbers import (
    ActiveNumber,
    AvailableNumber,
    EstVoiceConfiguration,
    FaxVoiceConfiguration,
    NotFound,
    NumberCapability,
    NumbersPattern,
    NumbersSearchPattern,
    NumberType,
    RentAnyNumberRequest,
    RentNumberRequest,
    RtcVoiceConfiguration,
    SinchError,
    SinchNumbers,
    SmsConfigurationRequest,
    VoiceConfigurationRequest,
)


class AvailableNumbers:
    """The numbers that one Sinch project can rent."""

    def __init__(self, sinch: SinchNumbers, callbacks: CallbackAddress | None) -> None:
        """Without a callback address numbers are followed by polling alone, and Sinch chooses none of them."""
        self._sinch = sinch
        self._callbacks = callbacks
        self._numbers = NumberByNumber()

    @activity.defn(name=SEARCH_NUMBERS.name)
    async def search(self, request: SearchNumbers) -> NumbersOffered:
        """What can be rented, with its prices."""
        with sinch_failures():
            found = await offers(self._sinch, request.search, request.size)
        return NumbersOffered(offers=found, any_is_safe=self._callbacks is not None)

    @activity.defn(name=RENT_NUMBERS.name)
    async def rent(self, request: NumbersToRent) -> NumbersRented:
        """Rent numbers; where an earlier request may have done it, they are looked for first."""

        async def rent_one(item: NumberToRent) -> NumberRented:
            return await self._rent(item, request)

        answers = await self._numbers.each(request.numbers, rent_one)
        return NumbersRented(
            numbers=tuple(
                _failed(item, answer) if isinstance(answer, SinchError) else answer
                for item, answer in zip(request.numbers, answers, strict=True)
            )
        )

    async def _rent(self, item: NumberToRent, request: NumbersToRent) -> NumberRented:
        url = self._url_of(item)
        if item.look_first and (found := await self._rented_before(item, request.search, url)):
            return _rented(item, found)
        if item.look_only:
            return NumberRented(place=item.place, outcome=RentOutcome.NOT_FOUND)
        try:
            return _rented(item, await self._send(item, request, url))
        except NotFound as error:
            # A request of ours whose answer was lost may have come through just now.
            found = await self._rented_before(item, request.search, url)
            if found is not None:
                return _rented(item, found)
            return NumberRented(place=item.place, outcome=RentOutcome.GONE, message=str(error))

    async def _send(self, item: NumberToRent, request: NumbersToRent, url: str | None) -> ActiveNumber:
        sms, voice = sms_configuration(request.links), voice_configuration(request.links.voice)
        if item.phone_number:
            body = RentNumberRequest(sms_configuration=sms, voice_configuration=voice, callback_url=url)
            return await self._sinch.available_numbers.rent(item.phone_number, body)
        search = request.search
        return await self._sinch.available_numbers.rent_any(
            RentAnyNumberRequest(
                region_code=search.region,
                type=NumberType(search.type.value),
                number_pattern=_pattern(search),
                capabilities=_capabilities(search) or None,
                sms_configuration=sms,
                voice_configuration=voice,
                callback_url=url,
            )
        )

    async def _rented_before(self, item: NumberToRent, search: NumberSearch, url: str | None) -> ActiveNumber | None:
        """The number that this place has rented already; one that another workflow has rented is none of ours."""
        mark = _mark(url)
        if item.phone_number:
            number = await active_number(self._sinch, item.phone_number)
            return number if number is not None and _mark(number.callback_url) == mark else None
        if url is None:
            return None
        listed = self._sinch.active_numbers.list(region_code=search.region, type=NumberType(search.type.value))
        async for number in listed:
            if _mark(number.callback_url) == mark:
                return number
        return None

    def _url_of(self, item: NumberToRent) -> str | None:
        url = callers_callback_url(self._callbacks)
        return None if url is None else f"{url}?place={item.place}"


async def offers(sinch: SinchNumbers, search: NumberSearch, size: int) -> tuple[Offer, ...]:
    """Up to `size` numbers that can be rented. Raises SinchError."""
    found = await sinch.available_numbers.search(
        region_code=search.region,
        type=NumberType(search.type.value),
        number_pattern=_pattern(search),
        capabilities=_capabilities(search),
        size=size,
    )
    return tuple(map(_offer, found))


def sms_configuration(links: ActiveLinks) -> SmsConfigurationRequest | None:
    """What numbers are linked to for SMS; None where for nothing, since Sinch refuses an empty configuration."""
    if links.service_plan_id is None and links.campaign_id is None:
        return None
    return SmsConfigurationRequest(service_plan_id=links.service_plan_id, campaign_id=links.campaign_id)


def voice_configuration(voice: VoiceLink | None) -> VoiceConfigurationRequest | None:
    """What answers calls, as Sinch takes it."""
    if voice is None:
        return None
    match voice.kind:
        case VoiceKind.EST:
            return EstVoiceConfiguration(trunk_id=voice.id)
        case VoiceKind.FAX:
            return FaxVoiceConfiguration(service_id=voice.id)
    return RtcVoiceConfiguration(app_id=voice.id)


def _mark(url: str | None) -> str:
    """The part of a callback URL that names workflow and place: it stays when the receiver moves."""
    return url.rpartition("/")[2] if url else ""


def _pattern(search: NumberSearch) -> NumbersPattern | None:
    if search.pattern is None:
        return None
    return NumbersPattern(pattern=search.pattern, search_pattern=NumbersSearchPattern(search.position.value))


def _capabilities(search: NumberSearch) -> tuple[NumberCapability, ...]:
    return tuple(NumberCapability(capability.value) for capability in search.capabilities)


def _offer(number: AvailableNumber) -> Offer:
    price = Price(
        setup=number.setup_price.amount,
        monthly=number.monthly_price.amount,
        currency=_one_currency(number.setup_price.currency_code, number.monthly_price.currency_code),
    )
    return Offer(
        phone_number=number.phone_number, price=price, needs_documents=number.supporting_documentation_required
    )


def _one_currency(setup: str, monthly: str) -> str:
    """Prices in two currencies cannot be added, so they have none."""
    return monthly if setup in ("", monthly) else ""


def _rented(item: NumberToRent, number: ActiveNumber) -> NumberRented:
    price = Price(monthly=number.money.amount, currency=number.money.currency_code)
    return NumberRented(place=item.place, outcome=RentOutcome.RENTED, seen=seen_of(number), price=price)


def _failed(item: NumberToRent, error: SinchError) -> NumberRented:
    outcome = RentOutcome.REFUSED if is_final(error) else RentOutcome.NO_ANSWER
    return NumberRented(place=item.place, outcome=outcome, message=str(error))
