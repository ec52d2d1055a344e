"""Changing and releasing active numbers from the command line: which numbers, what of them, and cancelling it."""

from collections.abc import Sequence
from pathlib import Path

from onboarding.active_numbers import ActiveLinks, VoiceKind, VoiceLink
from onboarding.calls.active_numbers import ActiveNumbersChange, Release
from onboarding.contracts.change_active_numbers import ChangeRequest
from starter.api.project import phone_number
from starter.asking import confirm
from starter.cancelling import cancel_work
from starter.connecting import temporal_client
from starter.exits import Exit, Stop
from starter.number_work import ACTIVE_CHANGE, exit_of, id_of, start_work, store_list, view, view_text, wait_for
from starter.output import Format, counted, document
from starter.settings import document_store


def links_of(
    service_plan: str | None, campaign: str | None, app: str | None, trunk: str | None, fax: str | None
) -> ActiveLinks:
    """The links that the options name. Raises Stop where there are none, or several for voice."""
    voices = [
        VoiceLink(kind=kind, id=id_)
        for kind, id_ in ((VoiceKind.RTC, app), (VoiceKind.EST, trunk), (VoiceKind.FAX, fax))
        if id_
    ]
    if len(voices) > 1:
        raise Stop("one of --app, --trunk and --fax: a number has one voice service", Exit.USAGE)
    links = ActiveLinks(
        service_plan_id=service_plan or None, campaign_id=campaign or None, voice=voices[0] if voices else None
    )
    if not links.named:
        raise Stop("say to what: --service-plan, --campaign, --app, --trunk or --fax", Exit.USAGE)
    return links


def numbers_of(given: Sequence[str], file: Path | None) -> tuple[str, ...]:
    """Each number (E.164) once, in the order given. Raises Stop where there is none, or one that is wrong."""
    try:
        lines = file.read_text("utf-8-sig").splitlines() if file else []
    except (OSError, UnicodeDecodeError) as error:
        raise Stop(f"{file}: {error}", Exit.USAGE) from None
    listed = [phone_number(text) for text in (*given, *(line.strip() for line in lines if line.strip()))]
    if not listed:
        raise Stop("no number is chosen; name numbers, or a file with --file", Exit.USAGE)
    return tuple(dict.fromkeys(listed))


async def change(
    numbers: Sequence[str],
    what: ActiveNumbersChange,
    *,
    profile: str,
    id_: str | None,
    yes: bool,
    wait: bool,
    format_: Format,
) -> Exit | None:
    """Ask for consent, start the change, and wait for its end where asked. Raises Stop."""
    count = counted(len(numbers), "active number")
    if isinstance(what, Release):
        question = f"Release {count} of profile {profile}? That cannot be undone, and somebody else may get them."
    else:
        question = f"Link {count} of profile {profile} to {what.links}? SMS stands still from unlinking to linking."
    if not yes and not confirm(question):
        raise Stop("nothing was changed")
    work_id = id_of(ACTIVE_CHANGE, id_, numbers, profile, what)
    client, store = await temporal_client(), document_store()
    stored = await store_list(store, work_id, numbers)
    request = ChangeRequest(id=work_id, change=what, numbers=stored, numbers_total=len(numbers), profile=profile)
    await start_work(client, ACTIVE_CHANGE, request, format_, waits=wait)
    return await wait_for(client, store, ACTIVE_CHANGE, work_id, format_) if wait else None


async def show_change(change_id: str, format_: Format) -> Exit:
    """Where a change or release stands. Raises Stop."""
    found = await view(await temporal_client(), document_store(), ACTIVE_CHANGE, change_id)
    document(format_, found.model_dump(mode="json"), view_text(found))
    return exit_of(found)


async def cancel_change(change_id: str, *, yes: bool, format_: Format) -> None:
    """Begin no further number; those whose change is under way are followed to their end. Raises Stop."""
    question = f"Cancel {change_id}? Numbers whose change is under way are followed to their end."
    await cancel_work(ACTIVE_CHANGE, change_id, question, yes=yes, format_=format_)
