"""What happens to imported numbers: import, link and unlink on request, deletion.

Sinch API: importedNumbers, state machine of an imported number's link, callbacks of ``IMPORTED_NUMBER``.
"""

from dataclasses import replace
from enum import Enum, auto

from simulator.availability import Availability
from simulator.bodies import ImportNumber, SmsConfigurationUpdate, UpdateImportedNumber
from simulator.callbacks import CallbackConfiguration, Callbacks
from simulator.clock import VirtualClock
from simulator.draws import Draws
from simulator.errors import ApiError, FieldViolation, failed_precondition, invalid
from simulator.imported_numbers import ImportedNumber, ImportedNumbers
from simulator.ledger import ProjectLedger
from simulator.linking import Linking
from simulator.links import (
    CarrierRecord,
    Link,
    LinkOperation,
    ServiceRecord,
    State,
    carriers_before,
    wanted_campaign,
)
from simulator.outcomes import card_of
from simulator.settings import SimulatorSettings

_PLAN, _CAMPAIGN = "smsConfiguration.servicePlanId", "smsConfiguration.campaignId"


class Change(Enum):
    """What a request does to the link of a number and one service."""

    NONE = auto()
    LINK = auto()
    UNLINK = auto()


class ImportedNumberLinking(Linking[ImportedNumber]):
    """Imports numbers, links and unlinks them when told to, and tells of it by callbacks."""

    def __init__(
        self,
        settings: SimulatorSettings,
        clock: VirtualClock,
        draws: Draws,
        failed_before: set[str],
        ledger: ProjectLedger,
        callbacks: Callbacks,
        callback_configuration: CallbackConfiguration,
        numbers: ImportedNumbers,
        availability: Availability,
    ) -> None:
        super().__init__(settings, clock, draws, failed_before)
        self._ledger = ledger
        self._callbacks = callbacks
        self._callback_configuration = callback_configuration
        self._numbers = numbers
        self._availability = availability

    def import_number(self, request: ImportNumber) -> ImportedNumber:
        """Import one number and start to link it; raises ApiError 409 when it is imported or being hosted."""
        self._availability.demand([request.phone_number])
        now = self._clock.now()
        campaign = wanted_campaign(request.sms_configuration.campaign_id or "", now)
        carrier = carriers_before(campaign)
        link = Link(
            phone_number=request.phone_number,
            card=card_of(request.phone_number),
            platform=ServiceRecord(request.sms_configuration.service_plan_id, State.WAITING, now),
            campaign=campaign,
            sms_att=carrier,
            sms_tmo=carrier,
            mms_att=carrier,
            mms_tmo=carrier,
        )
        number = self._numbers.take_over(
            link, request.region_code, request.callback_url or "", request.display_name or ""
        )
        self._link_platform(number)
        return number

    def update(self, number: ImportedNumber, request: UpdateImportedNumber) -> None:
        """Apply what a request names, all or (raising ApiError 400) nothing; links change in the course of time."""
        services = request.sms_configuration or SmsConfigurationUpdate.model_construct()
        platform, campaign = _changes(number, services)
        if request.display_name is not None:
            number.display_name = request.display_name
        if request.callback_url is not None:
            number.callback_url = request.callback_url
        self._change_campaign(number, campaign, services.campaign_id or "")
        self._change_platform(number, platform, services.service_plan_id or "")
        self._moved(number)
        self._ledger.write(
            "imported_number_updated",
            number.phone_number,
            display_name=request.display_name,
            callback_url=request.callback_url,
            service_plan=platform.name,
            campaign=campaign.name,
        )

    def delete(self, number: ImportedNumber) -> None:
        """Take a number away, linked or not."""
        self._numbers.delete(number)
        self._emit(number, "DELETE", State.DONE)

    def _change_platform(self, number: ImportedNumber, change: Change, service_plan_id: str) -> None:
        attempt = number.platform.attempt + 1
        if change is Change.LINK:
            number.platform = ServiceRecord(service_plan_id, State.WAITING, self._clock.now(), attempt=attempt)
            self._link_platform(number)
        elif change is Change.UNLINK:
            number.platform = self._unlinking(number.platform)
            seconds = self._drawn(number, self._durations.platform_deprovisioning, "platform deprovisioning")
            self._clock.after(seconds, self._end_platform_unlink, number, attempt)

    def _change_campaign(self, number: ImportedNumber, change: Change, campaign_id: str) -> None:
        attempt = number.campaign.attempt + 1
        if change is Change.LINK:
            number.campaign = wanted_campaign(campaign_id, self._clock.now(), attempt)
            number.set_carriers(carriers_before(number.campaign))
            if number.platform.linked:
                self._link_campaign(number)
        elif change is Change.UNLINK:
            number.manual_action = False
            number.campaign = self._unlinking(number.campaign)
            number.set_carriers(self._unlinked_carrier(State.IN_PROGRESS))
            seconds = self._drawn(number, self._durations.campaign_deprovisioning, "campaign deprovisioning")
            self._clock.after(seconds, self._end_campaign_unlink, number, attempt)

    def _end_platform_unlink(self, number: ImportedNumber, attempt: int) -> None:
        if self._is_over(number) or number.platform.attempt != attempt:
            return
        number.platform = self._unlinked(number.platform)
        self._record_ended(number, "platform_unlinked", "DEPROVISIONING_TO_SMS_PLATFORM", State.DONE)

    def _end_campaign_unlink(self, number: ImportedNumber, attempt: int) -> None:
        if self._is_over(number) or number.campaign.attempt != attempt:
            return
        number.campaign = self._unlinked(number.campaign)
        number.set_carriers(self._unlinked_carrier(State.DONE))
        self._record_ended(number, "campaign_unlinked", "UNLINK_TO_10DLC_CAMPAIGN", State.DONE)

    def _unlinking(self, record: ServiceRecord) -> ServiceRecord:
        return ServiceRecord(
            record.service_id,
            State.IN_PROGRESS,
            self._clock.now(),
            operation=LinkOperation.DEPROVISIONING,
            linked=record.linked,
            attempt=record.attempt + 1,
        )

    def _unlinked(self, record: ServiceRecord) -> ServiceRecord:
        return replace(record, state=State.DONE, updated=self._clock.now(), linked=False)

    def _unlinked_carrier(self, state: State) -> CarrierRecord:
        return CarrierRecord(state, self._clock.now(), operation=LinkOperation.DEPROVISIONING)

    def _is_over(self, link: ImportedNumber) -> bool:
        return self._numbers.find(link.phone_number) is not link

    def _moved(self, link: ImportedNumber) -> None:
        link.updated = self._clock.now()

    def _ended(self, link: ImportedNumber, why_failed: str | None) -> None:
        if link.card.hosting_fails_at_the_end:
            self._record_ended(link, "hosting_process", "HOSTING_PROCESS", State.FAILED)

    def _record_ended(
        self, link: ImportedNumber, kind: str, event_type: str, state: State, failure_code: str | None = None
    ) -> None:
        self._moved(link)
        self._ledger.write(kind, link.phone_number, hosting_order_id=None, state=state.value)
        self._emit(link, event_type, state, failure_code)

    def _emit(self, number: ImportedNumber, event_type: str, state: State, failure_code: str | None = None) -> None:
        self._callbacks.emit(
            self._callback_configuration,
            number.callback_url,
            resource_type="IMPORTED_NUMBER",
            resource_id=number.phone_number,
            event_type=event_type,
            succeeded=state is State.DONE,
            failure_code=failure_code,
        )


def _changes(number: ImportedNumber, services: SmsConfigurationUpdate) -> tuple[Change, Change]:
    """What to do to the links with the service plan and with the campaign; raises ApiError 400 when it cannot be."""
    plan_failed = number.platform.state is State.FAILED
    stalled = plan_failed and number.campaign.state is State.WAITING
    platform = _change(number.platform, services.service_plan_id, _PLAN, on_its_way=not plan_failed)
    campaign = _change(number.campaign, services.campaign_id, _CAMPAIGN, on_its_way=not stalled)
    if {platform, campaign} == {Change.LINK, Change.UNLINK}:
        raise failed_precondition(
            f"{number.phone_number} cannot be unlinked and linked in one request: unlink it, wait, then link it."
        )
    plan_is_there = number.platform.is_wanted and not plan_failed
    if campaign is Change.LINK and platform is not Change.LINK and not plan_is_there:
        raise invalid(FieldViolation(_PLAN, "a number without a service plan cannot be linked to a campaign"))
    if platform is Change.UNLINK and number.campaign.is_wanted and number.campaign.state in _UNFINISHED:
        campaign = Change.UNLINK
    return platform, campaign


_UNFINISHED = {State.WAITING, State.IN_PROGRESS}


def _change(record: ServiceRecord, wanted: str | None, field: str, *, on_its_way: bool) -> Change:
    if wanted is None:
        return Change.NONE
    if not wanted:
        return Change.UNLINK if record.is_wanted else Change.NONE
    if record.operation is LinkOperation.DEPROVISIONING and record.state is not State.DONE:
        raise failed_precondition(
            f"The number is still being unlinked from {record.service_id}; link it when that is done."
        )
    if not record.is_wanted or not on_its_way or record.state is State.FAILED:
        return Change.LINK
    if record.service_id == wanted:
        return Change.NONE
    raise _relink(record, field)


def _relink(record: ServiceRecord, field: str) -> ApiError:
    return invalid(FieldViolation(field, f"the number is linked to {record.service_id}; unlink it first, then link it"))
