"""How a rented number gets onto its service plan, its campaign and its voice service, and off them again.

Sinch API: scheduledProvisioning and scheduledVoiceProvisioning, callbacks of ``ACTIVE_NUMBER``, failure codes. A step
that fails ends its job; what earlier steps have done stays done.
"""

from dataclasses import replace

from simulator.active_number_outcomes import SMS_PROVISIONING_FAILED
from simulator.active_numbers import ActiveNumber, ActiveNumbers, Job, JobStatus, SmsServices, Step, VoiceService
from simulator.callbacks import CallbackConfiguration, Callbacks
from simulator.clock import VirtualClock
from simulator.draws import Draws
from simulator.ledger import ProjectLedger
from simulator.number_bodies import SmsConfiguration, VoiceConfiguration
from simulator.number_jobs import sms_job, voice_job
from simulator.number_ranges import NumberType
from simulator.outcomes import FOR_EVER
from simulator.settings import DAY, SimulatorSettings

_WITHOUT_FAILURE_CODE = {SMS_PROVISIONING_FAILED, "INTERNAL_ERROR"}
"""Errors of the SMS platform, which events tell of without a failure code."""

AnyJob = Job[SmsServices] | Job[VoiceService]


class NumberProvisioning:
    """Runs the jobs of the active numbers of one project."""

    def __init__(
        self,
        settings: SimulatorSettings,
        clock: VirtualClock,
        draws: Draws,
        ledger: ProjectLedger,
        callbacks: Callbacks,
        callback_configuration: CallbackConfiguration,
        numbers: ActiveNumbers,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._draws = draws
        self._ledger = ledger
        self._callbacks = callbacks
        self._callback_configuration = callback_configuration
        self._numbers = numbers
        durations = settings.durations
        self._spans = {
            Step.UNLINK_CAMPAIGN: durations.campaign_deprovisioning,
            Step.UNLINK_PLAN: durations.platform_deprovisioning,
            Step.LINK_PLAN: durations.platform_provisioning,
            Step.LINK_CAMPAIGN: durations.campaign_provisioning,
            Step.UNLINK_VOICE: durations.voice_deprovisioning,
            Step.LINK_VOICE: durations.voice_provisioning,
        }
        self._failed_before: set[tuple[str, Step]] = set()

    def change(self, number: ActiveNumber, sms: SmsConfiguration | None, voice: VoiceConfiguration | None) -> None:
        """Start what the configurations ask for, all or (raising ApiError 400) nothing."""
        now = self._clock.now()
        for_sms = sms_job(number, sms, now)
        for_voice = voice_job(number, None if voice is None else voice.service(), now)
        if for_sms is not number.sms_job:
            number.sms_job = for_sms
            self._start(number, for_sms, number.card.further_sms_days)
        if for_voice is not number.voice_job:
            number.voice_job = for_voice
            self._start(number, for_voice, number.card.further_voice_days)

    def _start(self, number: ActiveNumber, job: AnyJob | None, further_days: float) -> None:
        if job is not None:
            seconds = self._draws.seconds(self._settings.durations.provisioning_start, number.phone_number, "start")
            self._clock.after(seconds, self._begin, number, job, further_days)

    def _begin(self, number: ActiveNumber, job: AnyJob, further_days: float) -> None:
        if not self._numbers.has(number):
            return
        job.status, job.updated = JobStatus.IN_PROGRESS, self._clock.now()
        if further_days != FOR_EVER:
            self._next_step(number, job, further_days * DAY)

    def _next_step(self, number: ActiveNumber, job: AnyJob, further_seconds: float = 0) -> None:
        step = job.steps[0]
        seconds = self._draws.seconds(self._spans[step], number.phone_number, step)
        self._clock.after(seconds + further_seconds, self._end_step, number, job)

    def _end_step(self, number: ActiveNumber, job: AnyJob) -> None:
        if not self._numbers.has(number):
            return
        step = job.steps.pop(0)
        job.updated = self._clock.now()
        error_code = self._error_code(number, step)
        if error_code is not None:
            job.status = JobStatus.FAILED
            job.error_codes.append(error_code)
            self._tell(number, step, error_code)
            return
        self._take_effect(number, step, job)
        self._tell(number, step)
        if job.steps:
            self._next_step(number, job)

    def _take_effect(self, number: ActiveNumber, step: Step, job: AnyJob) -> None:
        if isinstance(job.target, VoiceService):
            number.voice, number.voice_updated, number.voice_job = job.target, job.updated, None
            return
        if step in {Step.LINK_PLAN, Step.UNLINK_PLAN}:
            number.sms = replace(number.sms, service_plan_id=job.target.service_plan_id)
        else:
            number.sms = replace(number.sms, campaign_id=job.target.campaign_id)
        if not job.steps:
            number.sms_job = None

    def _error_code(self, number: ActiveNumber, step: Step) -> str | None:
        """What the step fails with this time, by the number's card; toll-free numbers go on no campaign."""
        card = number.card
        if step is Step.LINK_CAMPAIGN and number.offer.range.type is NumberType.TOLL_FREE:
            return "TFN_NOT_ALLOWED"
        codes = {
            Step.LINK_PLAN: card.plan_error_code,
            Step.LINK_CAMPAIGN: card.campaign_error_code,
            Step.LINK_VOICE: card.voice_error_code,
        }
        error_code = codes.get(step)
        if error_code is None or (card.failure_passes and (number.phone_number, step) in self._failed_before):
            return None
        self._failed_before.add((number.phone_number, step))
        return error_code

    def _tell(self, number: ActiveNumber, step: Step, error_code: str | None = None) -> None:
        event_type = step.value
        if step is Step.UNLINK_VOICE and self._settings.voice_unlink_event_says_to:
            event_type = event_type.replace("_FROM_", "_TO_")
        self._ledger.write("number_provisioning", number.phone_number, event_type=event_type, error_code=error_code)
        self._callbacks.emit(
            self._callback_configuration,
            number.callback_url,
            resource_type="ACTIVE_NUMBER",
            resource_id=number.phone_number,
            event_type=event_type,
            succeeded=error_code is None,
            failure_code=None if error_code in _WITHOUT_FAILURE_CODE else error_code,
            is_lost=number.card.events_are_lost,
        )
