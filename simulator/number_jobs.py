"""What a request for other services means for a number: the steps of a new job, or why there can be none.

Sinch API: update an active number, scheduledProvisioning. "All or nothing": nothing here changes the number.
"""

from typing import TypeVar

from simulator.active_numbers import ActiveNumber, Job, JobStatus, SmsServices, Step, VoiceService
from simulator.errors import FieldViolation, invalid
from simulator.number_bodies import SMS, VOICE, SmsConfiguration
from simulator.number_ranges import Capability

_PLAN, _CAMPAIGN = f"{SMS}.servicePlanId", f"{SMS}.campaignId"

Services = TypeVar("Services", SmsServices, VoiceService)


def sms_job(number: ActiveNumber, wanted: SmsConfiguration | None, now: float) -> Job[SmsServices] | None:
    """The job that the number is to have; raises ApiError 400 when the services cannot be linked."""
    job = number.sms_job
    if wanted is None:
        return job
    _demand_capability(number, Capability.SMS, SMS)
    if job is not None and job.status is not JobStatus.FAILED:
        return _kept(job, wanted.applied_to(job.target), SMS)
    target = wanted.applied_to(number.sms)
    _demand_possible(number, target)
    return _job(target, _sms_steps(number.sms, target), now)


def voice_job(number: ActiveNumber, target: VoiceService | None, now: float) -> Job[VoiceService] | None:
    """The job that the number is to have; raises ApiError 400 when the service cannot be linked."""
    job = number.voice_job
    if target is None:
        return job
    _demand_capability(number, Capability.VOICE, VOICE)
    if job is not None and job.status is not JobStatus.FAILED:
        return _kept(job, target, VOICE)
    if target == number.voice or not (target.service_id or number.voice.service_id):
        return None
    return _job(target, [Step.LINK_VOICE if target.service_id else Step.UNLINK_VOICE], now)


def _kept(job: Job[Services], target: Services, field: str) -> Job[Services]:
    """A job under way, which only the same request again leaves alone."""
    if target != job.target:
        raise invalid(FieldViolation(field, "a provisioning is under way; wait until it is done or has failed"))
    return job


def _job(target: Services, steps: list[Step], now: float) -> Job[Services] | None:
    return Job(target, steps, now) if steps else None


def _demand_capability(number: ActiveNumber, capability: Capability, field: str) -> None:
    if capability not in number.offer.range.capabilities:
        raise invalid(FieldViolation(field, f"{number.phone_number} is not capable of {capability}"))


def _demand_possible(number: ActiveNumber, target: SmsServices) -> None:
    present = number.sms
    _demand_unlinked(_PLAN, present.service_plan_id, target.service_plan_id)
    _demand_unlinked(_CAMPAIGN, present.campaign_id, target.campaign_id)
    if target.campaign_id == present.campaign_id or not target.campaign_id:
        return
    if number.offer.range.region_code != "US":
        raise invalid(FieldViolation(_CAMPAIGN, f"{number.phone_number} is no number of the United States"))
    if not target.service_plan_id:
        raise invalid(FieldViolation(_PLAN, "a number without a service plan cannot be linked to a campaign"))


def _demand_unlinked(field: str, present: str, wanted: str) -> None:
    if present and wanted not in {"", present}:
        raise invalid(FieldViolation(field, f"the number is linked to {present}; unlink it first, then link it"))


def _sms_steps(present: SmsServices, target: SmsServices) -> list[Step]:
    steps: list[Step] = []
    if present.campaign_id and not target.campaign_id:
        steps.append(Step.UNLINK_CAMPAIGN)
    if present.service_plan_id != target.service_plan_id:
        steps.append(Step.LINK_PLAN if target.service_plan_id else Step.UNLINK_PLAN)
    if target.campaign_id and not present.campaign_id:
        steps.append(Step.LINK_CAMPAIGN)
    return steps
