"""What people read about wishes at the legacy API: mails to the contact, current details in the Web UI (Markdown)."""

from datetime import datetime

from onboarding.batch import Contact
from onboarding.calls.notifications import Notice
from onboarding.contracts.assign_legacy_numbers import LegacyWait, WishStatus
from onboarding.details import paragraphs
from onboarding.legacy_wishes import LegacyAction, LegacyWish
from onboarding.pace import Vigil


def wish_title(wish: LegacyWish) -> str:
    """`buy 3 numbers for application <key>`."""
    preposition = "from" if wish.action is LegacyAction.UNASSIGN else "for"
    numbers = "1 number" if wish.numbers_total == 1 else f"{wish.numbers_total} numbers"
    return f"{wish.action.value} {numbers} {preposition} application {wish.application_key}"


def wish_notice(wish: LegacyWish, contact: Contact, wait: LegacyWait) -> Notice:
    """An operator has to put something right."""
    vigil, subject = wait.vigil, f"{wish.id}: {wish_title(wish)}: {wait.reason.code}"
    return Notice(
        key=f"AssignLegacyNumbers/{wish.id}/{vigil.since.isoformat()}/{vigil.messages}",
        contact=contact,
        subject=subject if vigil.messages == 0 else f"{subject} (reminder {vigil.messages})",
        text=f"Dear {contact.name},\n\n{wait.reason.sentence}\n\nThen go on with: onboard legacy retry {wish.id}\n",
    )


def wish_silence_notice(wish: LegacyWish, vigil: Vigil, heard: datetime | None) -> Notice:
    """Sinch has not answered for long. Raises ValueError where the wish has no contact."""
    contact = wish.contact
    if contact is None or heard is None:
        raise ValueError(f"wish {wish.id} has nobody to tell")
    subject = f"{wish.id}: {wish_title(wish)}: no answer of Sinch for {wish.pace.no_news}"
    says = f"Sinch answered last at {moment_text(heard)}. See whether its legacy API can be reached (onboard doctor)."
    return Notice(
        key=f"AssignLegacyNumbers/{wish.id}/silence/{vigil.since.isoformat()}/{vigil.messages}",
        contact=contact,
        subject=subject if vigil.messages == 0 else f"{subject} (reminder {vigil.messages})",
        text=f"Dear {contact.name},\n\n{says}\n\nThe wish goes on by itself: onboard legacy status {wish.id}\n",
    )


def moment_text(moment: datetime) -> str:
    """`2027-03-01 06:00 UTC`."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def no_answer(status: WishStatus) -> str:
    """What to do where Sinch has not answered for long; nothing where that is not so."""
    if status.silent_since is None:
        return ""
    return (
        f"No answer of Sinch since {moment_text(status.silent_since)}: see whether its legacy API can be reached "
        "(onboard doctor), or ask Sinch; the wish goes on by itself."
    )


def wish_details(status: WishStatus) -> str:
    """Current details of `AssignLegacyNumbers`."""
    wish, since = status.wish, status.waiting_since
    limit = f" of at most {wish.spending_limit}" if wish.spending_limit else ""
    rows = "\n".join(f"| {stage} | {count} |" for stage, count in status.stages.items())
    command = "retry" if status.waiting_for else "status"
    return paragraphs(
        [
            f"### {wish_title(wish)}",
            "**Cancelled:** no further numbers are rented." if status.cancelled else "",
            f"Spent {status.spent}{limit}." if wish.action is LegacyAction.BUY else "",
            f"Waiting on **{status.waiting_on.value}**" + (f" since {moment_text(since)}." if since else "."),
            status.waiting_for.sentence if status.waiting_for else no_answer(status),
            f"| stage | numbers |\n| --- | ---: |\n{rows}",
            f"Next: `onboard legacy {command} {wish.id}`",
        ]
    )
