"""What people read about renting and about changed numbers: mails to the contact, current details (Markdown)."""

from collections.abc import Mapping, Sequence

from onboarding.calls.notifications import Notice
from onboarding.contracts.change_active_numbers import ChangeStatus
from onboarding.contracts.rent_numbers import RentStatus
from onboarding.details import paragraphs
from onboarding.pace import Vigil
from onboarding.renting import RentPlace, RentWish

_LISTED = 50


def rent_silence_notice(wish: RentWish, vigil: Vigil, places: Sequence[RentPlace]) -> Notice:
    """Nothing new is heard about numbers for long."""
    count = len(places)
    subject = f"{wish.id}: no news about {count} rented numbers for {wish.pace.no_news}"
    says = "See whether Sinch can be reached (onboard doctor), then ask Sinch support about these numbers:"
    lines = [place.phone_number or f"place {place.place}: number unknown" for place in places[:_LISTED]]
    more = [f"... and {count - _LISTED} more"] if count > _LISTED else []
    return Notice(
        key=f"RentNumbers/{wish.id}/{vigil.since.isoformat()}/{vigil.messages}",
        contact=wish.contact,
        subject=subject if vigil.messages == 0 else f"{subject} (reminder {vigil.messages})",
        text="\n".join([f"Dear {wish.contact.name},", "", says, "", *lines, *more, ""]),
    )


def rent_details(status: RentStatus) -> str:
    """Current details of `RentNumbers`."""
    since = f" since {status.waiting_since:%Y-%m-%d %H:%M} UTC" if status.waiting_since else ""
    return paragraphs(
        [
            f"### {status.numbers_total} numbers to rent, linked to {status.wish.links}",
            f"{status.spent} of {status.wish.spending_limit} spent.",
            f"Waiting on **{status.waiting_on.value}**{since}.",
            f"**No further number is rented:** {status.why_no_more.sentence}" if status.why_no_more else "",
            _table(status.steps),
            f"Next: `onboard rent-status {status.id}`",
        ]
    )


def change_details(status: ChangeStatus, what: str) -> str:
    """Current details of `ChangeActiveNumbers`; `what` is done with the numbers."""
    cancelled = " **Cancelled:** no further numbers are started." if status.cancelled else ""
    return paragraphs(
        [
            f"### {status.numbers_total} active numbers to {what}",
            f"{status.numbers_started} started.{cancelled}",
            _table(status.steps),
            f"Next: `onboard active status {status.id}`",
        ]
    )


def _table(counts: Mapping[str, int]) -> str:
    rows = "\n".join(f"| {name} | {count} |" for name, count in counts.items())
    return f"| step | numbers |\n| --- | ---: |\n{rows}"
