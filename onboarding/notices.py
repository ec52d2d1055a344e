"""The texts of the messages to a batch's contact: who is waited for, which numbers, what to do."""

from collections.abc import Sequence

from onboarding.batch import Batch
from onboarding.calls.notifications import Notice
from onboarding.pace import Vigil
from onboarding.reasons import Reason

_LISTED = 50


def eligibility_notice(batch: Batch, sequence: int, vigil: Vigil, numbers: Sequence[str]) -> Notice:
    """Sinch's eligibility check is taking long."""
    return _notice(
        batch,
        f"{sequence:04d}",
        vigil,
        f"{batch.id}: eligibility check outstanding for {len(numbers)} numbers",
        f"Sinch has not said since {vigil.since:%Y-%m-%d %H:%M} UTC whether these can be hosted. Ask Sinch about:",
        numbers,
    )


def review_notice(batch: Batch, sequence: int, vigil: Vigil, numbers: Sequence[str]) -> Notice:
    """The invoice review is taking long."""
    return _notice(
        batch,
        f"{sequence:04d}",
        vigil,
        f"{batch.id}: invoice review outstanding for {len(numbers)} numbers",
        f"Sinch has not finished the review since {vigil.since:%Y-%m-%d %H:%M} UTC. Ask orders@sinch.com about:",
        numbers,
    )


def voice_notice(batch: Batch, sequence: int, vigil: Vigil, numbers: Sequence[str]) -> Notice:
    """Phones are being called; somebody has to type in the codes."""
    return _notice(
        batch,
        f"{sequence:04d}",
        vigil,
        f"{batch.id}: voice codes needed for {len(numbers)} numbers",
        f"These phones are called by a voice that speaks a code. Enter the codes with: onboard verify {batch.id}",
        numbers,
    )


def loa_notice(batch: Batch, order: str, vigil: Vigil, signer: str, numbers: Sequence[str]) -> Notice:
    """The LOA lies with its signer."""
    return _notice(
        batch,
        order,
        vigil,
        f"{batch.id}: LOA for {len(numbers)} numbers to be signed",
        f"Sinch has mailed the LOA of hosting order {order} to {signer} for signature. It covers:",
        numbers,
    )


def carrier_notice(batch: Batch, order: str, vigil: Vigil, numbers: Sequence[str]) -> Notice:
    """Work at Sinch or the carriers is taking long."""
    return _notice(
        batch,
        order,
        vigil,
        f"{batch.id}: {len(numbers)} numbers not provisioned yet",
        f"Hosting order {order} has had open numbers since {vigil.since:%Y-%m-%d %H:%M} UTC. Ask Sinch about:",
        numbers,
    )


def silence_notice(batch: Batch, about: str, vigil: Vigil, numbers: Sequence[str]) -> Notice:
    """Nothing new is heard from Sinch, or Sinch cannot be read; `about` is what an operator has to ask about."""
    return _notice(
        batch,
        f"{about}/silence",
        vigil,
        f"{batch.id}: no news about {len(numbers)} numbers for {batch.pace.no_news}",
        f"Nothing new has come about {about}. See whether Sinch can be reached (onboard doctor), then ask Sinch "
        f"support about it. Its deadline stays as it is; onboard skip {batch.id} gives numbers up. They are:",
        numbers,
    )


def operator_notice(batch: Batch, order: str, vigil: Vigil, problem: Reason, numbers: Sequence[str]) -> Notice:
    """An order cannot go on without a decision."""
    return _notice(
        batch,
        order,
        vigil,
        f"{batch.id}: a decision is needed for {len(numbers)} numbers",
        f"{problem.code}: {problem.sentence} Until then these numbers wait:",
        numbers,
    )


def link_notice(batch: Batch, order: str, vigil: Vigil, problem: Reason, who: str, numbers: Sequence[str]) -> Notice:
    """Hosted numbers could not be linked to their campaign; a person has to put something right first."""
    return _notice(
        batch,
        f"{order}/{problem.code}",
        vigil,
        f"{batch.id}: {len(numbers)} numbers are not on their campaign ({problem.code})",
        f"{problem.code}: {problem.sentence} This is for {who}. When it is done: "
        f"onboard retry {batch.id} --reason {problem.code} -- These numbers of hosting order {order} wait:",
        numbers,
    )


def _notice(batch: Batch, about: str, vigil: Vigil, subject: str, says: str, numbers: Sequence[str]) -> Notice:
    more = [f"... and {len(numbers) - _LISTED} more"] if len(numbers) > _LISTED else []
    return Notice(
        key=f"{batch.id}/{about}/{vigil.waiting_on}/{vigil.since.isoformat()}/{vigil.messages}",
        contact=batch.contact,
        subject=subject if vigil.messages == 0 else f"{subject} (reminder {vigil.messages})",
        text="\n".join([f"Dear {batch.contact.name},", "", says, "", *numbers[:_LISTED], *more, ""]),
    )
