"""Wishes for numbers from the command line: what they would cost, starting one, where it stands."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from temporalio.client import Client

from activities.available_numbers import offers
from activities.document_store import DocumentStore
from onboarding.contracts.operator import STATUS_QUERY
from onboarding.contracts.rent_numbers import RentRequest, RentStatus
from onboarding.ids import rent_workflow_id
from onboarding.renting import MOST_OFFERS, Offer, RentStep, RentWish, choose
from starter.api.project import sinch_project
from starter.asking import confirm
from starter.connecting import described_or_none, temporal_client
from starter.drift import manifest_of
from starter.exits import Exit, Stop
from starter.input import BatchInput, InvalidInput
from starter.input_renting import WishFile, read_wish
from starter.number_work import RENTING, exit_of, start_work, view, view_text, wait_for
from starter.output import Format, counted, document, message
from starter.running import ANSWERED_WITHIN
from starter.settings import document_store

_STILL_RENTED = (RentStep.DONE, RentStep.FAILED)


async def rent_command(path: Path, *, dry_run: bool, yes: bool, wait: bool, format_: Format) -> Exit | None:
    """Show what a wish would cost, ask for consent, start it, and wait for its end where asked. Raises Stop."""
    wish = await _wish(path)
    found = await _found(wish)
    shown = _plan_text(wish, found)
    if dry_run:
        document(
            format_, _plan_data(wish, found), "\n".join([f"Dry run of wish {wish.id}: nothing is rented.", *shown])
        )
        return None
    message("\n".join(shown))
    if not yes and not confirm(f"Rent {counted(wish.quantity, 'number')} for up to {wish.spending_limit}?"):
        raise Stop("nothing was rented")
    client, store = await temporal_client(), document_store()
    await start_work(client, RENTING, RentRequest(wish=wish), format_, waits=wait, customer=wish.customer)
    return await wait_for(client, store, RENTING, wish.id, format_) if wait else None


async def show_rent(client: Client, store: DocumentStore, wish_id: str, format_: Format) -> Exit:
    """Where a wish stands, and what it has cost. Raises Stop."""
    found = await view(client, store, RENTING, wish_id)
    status = await rent_status(client, wish_id)
    data = found.model_dump(mode="json") | {
        "spent": str(status.spent),
        "spending_limit": status.wish.spending_limit.model_dump(mode="json"),
    }
    document(format_, data, f"{view_text(found)}\nspent: {status.spent} of {status.wish.spending_limit}")
    return exit_of(found)


async def rent_status(client: Client, wish_id: str) -> RentStatus:
    """What the workflow says of a wish, running or ended. Raises Stop where there is none of this id."""
    handle = client.get_workflow_handle(rent_workflow_id(wish_id))
    if await described_or_none(handle) is None:
        raise Stop(f"there is no wish {wish_id!r}", Exit.USAGE)
    status: RentStatus = await handle.query(STATUS_QUERY, result_type=RentStatus, rpc_timeout=ANSWERED_WITHIN)
    return status


async def rented_by(client: Client, given: BatchInput) -> Sequence[str]:
    """The rented numbers that a batch file names, each once. Raises Stop where a wish cannot say which it has."""
    if given.rented is None:
        return ()
    found = list(given.rented.numbers)
    for wish in given.rented.wishes:
        found += await _rented_by_wish(client, wish, given.batch.profile)
    return tuple(dict.fromkeys(found))


async def _rented_by_wish(client: Client, wish: str, profile: str) -> list[str]:
    status = await rent_status(client, wish)
    if not status.numbers or not all(place.is_final for place in status.numbers):
        raise Stop(f"wish {wish} is still renting: start the batch once it is through; see: onboard rent-status {wish}")
    if status.wish.profile != profile:
        raise Stop(f"wish {wish} has rented for profile {status.wish.profile}, the batch is of {profile}", Exit.USAGE)
    rented = [place.phone_number for place in status.numbers if place.is_rented and place.step in _STILL_RENTED]
    if not rented:
        raise Stop(f"wish {wish} has rented no number; see: onboard rent-status {wish}", Exit.USAGE)
    return rented


async def _wish(path: Path) -> RentWish:
    try:
        file = read_wish(path)
    except InvalidInput as error:
        raise Stop(str(error), Exit.USAGE) from None
    return await _like_batch(file, file.like_batch) if file.like_batch else file.wish()


async def _like_batch(file: WishFile, batch_id: str) -> RentWish:
    """The wish with profile, service plan and campaign of a batch. Raises Stop where there is no such batch."""
    batch = (await manifest_of(await temporal_client(), document_store(), batch_id)).batch
    return file.wish(batch.profile, batch.service_plan_id, batch.campaign_id)


async def _found(wish: RentWish) -> Sequence[Offer]:
    async with sinch_project(wish.profile) as sinch:
        return await offers(sinch, wish.search, min(wish.quantity, MOST_OFFERS))


def _plan_data(wish: RentWish, found: Sequence[Offer]) -> dict[str, Any]:
    return {
        "wish": wish.model_dump(mode="json"),
        "found": [offer.model_dump(mode="json") for offer in found],
        "numbers_within_limit": _within_limit(wish, found),
    }


def _within_limit(wish: RentWish, found: Sequence[Offer]) -> int:
    return len(choose(found, wish.quantity, Decimal(0), wish.spending_limit).offers)


def _plan_text(wish: RentWish, found: Sequence[Offer]) -> list[str]:
    search = wish.search
    pattern = f", {search.pattern} at {search.position}" if search.pattern else ""
    prices = Counter(str(offer.price) for offer in found)
    within, all_of = _within_limit(wish, found), min(wish.quantity, MOST_OFFERS)
    lines = [
        f"{counted(wish.quantity, 'number')} of region {search.region}, type {search.type}{pattern}, "
        f"linked to {wish.links}, profile {wish.profile}",
        *(f"  {counted(count, 'number')} found at {price} (set-up + monthly)" for price, count in prices.items()),
        f"Spending limit: {wish.spending_limit} for set-up and first payment of all numbers",
    ]
    if len(found) < all_of:
        lines.append(f"warning: Sinch shows only {counted(len(found), 'number')}")
    if within < len(found):
        lines.append(f"warning: the limit is enough for {counted(within, 'number')}")
    return lines
