"""What the Web UI shows as current details, in Markdown: a stage table, who is waited on, and the next command."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from onboarding.contracts.batch import BatchStatus
from onboarding.contracts.group import GroupStatus
from onboarding.contracts.hosting_order import OrderStatus
from onboarding.contracts.verification import VerificationStatus
from onboarding.link_recovery import RecoveryPhase
from onboarding.progress import NumberProgress
from onboarding.stages import Stage, WaitingOn


def stage_counts(numbers: Iterable[NumberProgress]) -> dict[str, int]:
    """Stage -> how many numbers, in the order of the main path."""
    counts = Counter(number.stage for number in numbers)
    return {stage.value: counts[stage] for stage in Stage if counts[stage]}


def batch_details(status: BatchStatus) -> str:
    """Current details of `OnboardBatch`."""
    groups = f"{status.groups_settled} of {status.groups_total or '?'} groups have reported"
    cancelled = "\n\n**Cancelled:** nothing new is started." if status.cancelled else ""
    return paragraphs(
        [
            f"### Batch {status.batch}: {status.numbers_total} numbers",
            f"{groups}, {len(status.groups_in_flight)} at work.{cancelled}",
            _table(status.stages),
            _command(f"onboard active status {status.rented}" if status.rented else f"onboard status {status.batch}"),
        ]
    )


def group_details(batch: str, status: GroupStatus) -> str:
    """Current details of `OnboardGroup`."""
    return paragraphs(
        [
            f"### Group {status.sequence:04d} of batch {batch}",
            _waiting(status.waiting_on, status.waiting_since),
            no_news("the numbers under review", batch, status.silent_since),
            _table(status.stages),
            "\n".join(f"- wave {wave}: `{workflow_id}`" for wave, workflow_id in status.orders.items()),
            _command(_NEXT[status.waiting_on].format(batch=batch)),
        ]
    )


def order_details(batch: str, status: OrderStatus) -> str:
    """Current details of `HostingOrder`."""
    order = f"`{status.hosting_order_id}` is **{status.order_state}**" if status.hosting_order_id else "not submitted"
    problem = f"**{status.problem.code}**: {status.problem.sentence}" if status.problem else ""
    return paragraphs(
        [
            f"### Hosting order, wave {status.wave} of batch {batch}: {order}",
            _waiting(status.waiting_on, status.waiting_since),
            no_news(f"hosting order {status.hosting_order_id or status.wave}", batch, status.silent_since),
            problem,
            _recoveries(batch, status.numbers),
            _table(stage_counts(status.numbers)),
            f"{status.callbacks_received} callbacks received.",
            _command(_NEXT[status.waiting_on].format(batch=batch)),
        ]
    )


def verification_details(status: VerificationStatus) -> str:
    """Current details of `VerifyNumber`."""
    number = status.phone_number
    return paragraphs(
        [
            f"### Voice challenge for {number}",
            f"{status.calls_placed} calls placed, {status.calls_left} left, {status.wrong_codes} wrong codes. "
            f"Ends {status.deadline:%Y-%m-%d %H:%M} UTC. {status.message}".rstrip(),
            _command(f"onboard code {number} <the code that was heard>"),
        ]
    )


def _recoveries(batch: str, numbers: Iterable[NumberProgress]) -> str:
    """One line for each reason that hosted numbers are not on their campaign, and what comes next."""
    recovering = [number.recovering for number in numbers if number.recovering]
    together = Counter((recovery.why.code, recovery.outlook, recovery.phase) for recovery in recovering)
    return "\n".join(
        f"- {count} numbers, {code}: {outlook}"
        + (f" `onboard retry {batch} --reason {code}`" if phase is RecoveryPhase.OPERATOR else "")
        for (code, outlook, phase), count in together.items()
    )


_NEXT = {
    WaitingOn.NOBODY: "onboard status {batch}",
    WaitingOn.INVOICE_REVIEW: "onboard status {batch}",
    WaitingOn.VOICE_CODE: "onboard verify {batch}",
    WaitingOn.LOA_SIGNATURE: "onboard numbers {batch}",
    WaitingOn.CARRIER: "onboard numbers {batch}",
    WaitingOn.OPERATOR: "onboard numbers {batch}",
}


def _waiting(waiting_on: WaitingOn, since: datetime | None) -> str:
    if waiting_on is WaitingOn.NOBODY or since is None:
        return "Nobody is waited on."
    return f"Waiting on **{waiting_on.value}** since {since:%Y-%m-%d %H:%M} UTC."


def paragraphs(texts: Iterable[str]) -> str:
    """Those that say something, one below the other."""
    return "\n\n".join(text for text in texts if text)


def no_news(about: str, batch: str, since: datetime | None) -> str:
    """What to do where nothing has been heard `since` then; nothing where that is not so."""
    if since is None:
        return ""
    return (
        f"**No news** since {since:%Y-%m-%d %H:%M} UTC: see whether Sinch can be reached (`onboard doctor`), ask Sinch "
        f"support about {about}, or give numbers up with `onboard skip {batch}`."
    )


def _table(stages: Mapping[str, int]) -> str:
    rows = "\n".join(f"| {stage} | {count} |" for stage, count in stages.items())
    return f"| stage | numbers |\n| --- | ---: |\n{rows}" if rows else ""


def _command(line: str) -> str:
    return f"Next: `{line}`"
