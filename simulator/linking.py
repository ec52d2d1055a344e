"""How a number gets onto the SMS platform, its campaign and the carriers, in an order or by itself.

Sinch API: per number in an order, callback event types, failure codes. A failed step leaves the later ones WAITING.
"""

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Generic, TypeVar

from simulator.clock import VirtualClock
from simulator.draws import Draws
from simulator.links import CarrierRecord, Link, State
from simulator.outcomes import FOR_EVER
from simulator.settings import DAY, Range, SimulatorSettings

_REFUSED_BY_A_CARRIER = "NUMBER_PROVISIONING_FAILED"
_REFUSED_BY_THE_PLATFORM = "SMS_PROVISIONING_FAILED"

AnyLink = TypeVar("AnyLink", bound=Link)


class Linking(ABC, Generic[AnyLink]):
    """Drives the links of numbers; what owns a link says what its steps mean to others.

    ``failed_before`` holds the numbers of the project whose campaign link once failed for a reason that passes.
    """

    def __init__(self, settings: SimulatorSettings, clock: VirtualClock, draws: Draws, failed_before: set[str]) -> None:
        self._settings = settings
        self._durations = settings.durations
        self._clock = clock
        self._draws = draws
        self._failed_before = failed_before

    @abstractmethod
    def _is_over(self, link: AnyLink) -> bool:
        """Whether nothing more may happen to the link."""

    @abstractmethod
    def _moved(self, link: AnyLink) -> None:
        """Note that something about the link changed."""

    @abstractmethod
    def _record_ended(
        self, link: AnyLink, kind: str, event_type: str, state: State, failure_code: str | None = None
    ) -> None:
        """Note in the ledger and tell by a callback that one record came to its end."""

    @abstractmethod
    def _ended(self, link: AnyLink, why_failed: str | None) -> None:
        """Draw the conclusions from the end of all steps, a good one when ``why_failed`` is None."""

    def _link_platform(self, link: AnyLink) -> None:
        link.platform = replace(link.platform, state=State.IN_PROGRESS, updated=self._clock.now())
        seconds = self._drawn(link, self._durations.platform_provisioning, "platform provisioning")
        self._clock.after(seconds, self._end_platform, link, link.platform.attempt)

    def _end_platform(self, link: AnyLink, attempt: int) -> None:
        if self._is_over(link) or link.platform.attempt != attempt:
            return
        if link.card.platform_fails:
            why = "The provisioning to the SMS platform failed."
            link.platform = replace(
                link.platform,
                state=State.FAILED,
                updated=self._clock.now(),
                error_code=_REFUSED_BY_THE_PLATFORM,
                error_message=why,
            )
            self._record_ended(link, "platform", "PROVISIONING_TO_SMS_PLATFORM", State.FAILED)
            self._end(link, why)
            return
        link.platform = replace(link.platform, state=State.DONE, updated=self._clock.now(), linked=True)
        self._record_ended(link, "platform", "PROVISIONING_TO_SMS_PLATFORM", State.DONE)
        if link.campaign.is_wanted and link.campaign.state is State.WAITING:
            self._link_campaign(link)
        else:
            self._end(link)

    def _link_campaign(self, link: AnyLink) -> None:
        link.campaign = replace(link.campaign, state=State.IN_PROGRESS, updated=self._clock.now())
        seconds = self._drawn(link, self._durations.campaign_provisioning, "campaign provisioning")
        self._clock.after(seconds / 2, self._end_registry_half, link, link.campaign.attempt, seconds / 2)

    def _end_registry_half(self, link: AnyLink, attempt: int, carriers_half: float) -> None:
        """The Campaign Registry has answered; with its consent the number goes to the carriers."""
        if self._is_over(link) or link.campaign.attempt != attempt:
            return
        failure_code = self._registry_refuses(link)
        if failure_code is not None:
            self._fail_campaign(link, failure_code)
            return
        link.sms_att = link.sms_tmo = CarrierRecord(State.IN_PROGRESS, self._clock.now())
        self._moved(link)
        self._clock.after(carriers_half, self._end_carriers_half, link, attempt)

    def _registry_refuses(self, link: AnyLink) -> str | None:
        if not link.card.campaign_failure_passes:
            return link.card.campaign_failure_code
        if link.phone_number in self._failed_before:
            return None
        self._failed_before.add(link.phone_number)
        return link.card.campaign_failure_code

    def _end_carriers_half(self, link: AnyLink, attempt: int) -> None:
        if self._is_over(link) or link.campaign.attempt != attempt:
            return
        if link.card.manual_action_days is None:
            self._carriers_answered(link)
            return
        link.manual_action = True
        self._moved(link)
        if link.card.manual_action_days != FOR_EVER:
            self._clock.after(link.card.manual_action_days * DAY, self._end_manual_action, link, attempt)

    def _end_manual_action(self, link: AnyLink, attempt: int) -> None:
        if self._is_over(link) or link.campaign.attempt != attempt:
            return
        link.manual_action = False
        self._carriers_answered(link)

    def _carriers_answered(self, link: AnyLink) -> None:
        link.sms_att = CarrierRecord(State.DONE, self._clock.now())
        if link.card.t_mobile_error is not None and not link.migrates_to_sinch_tmo:
            link.sms_tmo = CarrierRecord(
                State.FAILED,
                self._clock.now(),
                error_code=link.card.t_mobile_error,
                error_message="The number belongs to another aggregator at T-Mobile and must be migrated.",
            )
            self._fail_campaign(link, _REFUSED_BY_A_CARRIER)
            return
        link.set_carriers(link.sms_att)
        if link.card.hosting_fails_at_the_end:
            self._end(link)
            return
        link.campaign = replace(link.campaign, state=State.DONE, updated=self._clock.now(), linked=True)
        self._record_ended(link, "campaign", "LINK_TO_10DLC_CAMPAIGN", State.DONE)
        self._end(link)

    def _fail_campaign(self, link: AnyLink, failure_code: str) -> None:
        why = f"The link to the campaign failed: {failure_code}."
        link.campaign = replace(
            link.campaign,
            state=State.FAILED,
            updated=self._clock.now(),
            error_code=failure_code,
            error_message=why,
        )
        self._record_ended(link, "campaign", "LINK_TO_10DLC_CAMPAIGN", State.FAILED, failure_code)
        self._end(link, why)

    def _end(self, link: AnyLink, why_failed: str | None = None) -> None:
        if why_failed is None and link.card.hosting_fails_at_the_end:
            why_failed = "The hosting of the number failed."
        self._ended(link, why_failed)

    def _drawn(self, link: AnyLink, span: Range, step: str) -> float:
        return self._draws.seconds(span, link.phone_number, step)
