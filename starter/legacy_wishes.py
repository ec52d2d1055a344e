"""Wishes at the legacy API from the command line: what they would do and cost, starting one, where it stands."""

import getpass
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy

from activities.document_store import DocumentStore
from activities.legacy_numbers import shop_group
from onboarding.contracts import assign_legacy_numbers as contract
from onboarding.contracts.assign_legacy_numbers import WishRequest, WishStatus
from onboarding.contracts.operator import STATUS_QUERY, OperatorAction
from onboarding.ids import legacy_wish_workflow_id
from onboarding.legacy_texts import moment_text, no_answer, wish_title
from onboarding.legacy_wishes import LegacyAction, LegacyOffer, LegacyWish, offers
from processes.sinch_profiles import sinch_profile
from sinch_numbers import SinchError
from sinch_numbers.legacy import NumberAdministration
from starter.api.project import exit_of as exit_of_error
from starter.asking import confirm
from starter.connecting import temporal_client
from starter.exits import Exit, Stop
from starter.input_legacy_wishes import wish_of_file, wish_of_options
from starter.number_work import Kind, exit_of, start_work, view, view_text, wait_for
from starter.output import Format, counted, document, message
from starter.running import ANSWERED_WITHIN
from starter.settings import document_store
from starter.updates import instruct

_STATUS_COMMAND = "legacy status"


def _kind(action: LegacyAction, reuse: WorkflowIDReusePolicy) -> Kind:
    return Kind(action.value, contract.WORKFLOW, legacy_wish_workflow_id, WishStatus, _STATUS_COMMAND, reuse)


KINDS = {
    LegacyAction.BUY: _kind(LegacyAction.BUY, WorkflowIDReusePolicy.REJECT_DUPLICATE),
    LegacyAction.ASSIGN: _kind(LegacyAction.ASSIGN, WorkflowIDReusePolicy.ALLOW_DUPLICATE),
    LegacyAction.UNASSIGN: _kind(LegacyAction.UNASSIGN, WorkflowIDReusePolicy.ALLOW_DUPLICATE),
}
"""The same purchase is made once, whatever became of it."""


@asynccontextmanager
async def legacy_account(profile: str, organisation_id: int | None = None) -> AsyncIterator[NumberAdministration]:
    """A client of the profile's account. Errors of Sinch leave the block as Stop. Raises InvalidSettings."""
    async with sinch_profile(profile).legacy_client(organisation_id) as legacy:
        try:
            yield legacy
        except SinchError as error:
            raise Stop(str(error), exit_of_error(error)) from None


async def wish_command(
    action: LegacyAction,
    path: Path | None,
    options: Mapping[str, Any],
    *,
    dry_run: bool,
    yes: bool,
    wait: bool,
    format_: Format,
) -> Exit | None:
    """Show what a wish would do, ask for consent, start it, and wait for its end where asked. Raises Stop."""
    kind = KINDS[action]
    wish = _given(action, kind, path, options)
    found = await _offers(wish)
    plan = _plan(wish, found)
    if dry_run:
        data = {"wish": wish.model_dump(mode="json"), "offers": [offer.model_dump(mode="json") for offer in found]}
        document(format_, data, "\n".join([f"Dry run of {wish.id}: nothing is changed.", *plan]))
        return None
    _refuse_what_cannot_be(wish, found)
    message("\n".join(plan))
    if not yes and not confirm(f"{wish_title(wish).capitalize()}?"):
        raise Stop("nothing was changed")
    client, store = await temporal_client(), document_store()
    await start_work(client, kind, WishRequest(wish=wish), format_, waits=wait)
    return await wait_for(client, store, kind, wish.id, format_) if wait else None


async def show_wish(client: Client, store: DocumentStore, wish_id: str, format_: Format) -> Exit:
    """Where a wish stands, what it waits for and what it has cost. Raises Stop."""
    found = await view(client, store, KINDS[LegacyAction.ASSIGN], wish_id)
    handle = client.get_workflow_handle(legacy_wish_workflow_id(wish_id))
    status: WishStatus = await handle.query(STATUS_QUERY, result_type=WishStatus, rpc_timeout=ANSWERED_WITHIN)
    waiting_for = status.waiting_for
    data = found.model_dump(mode="json") | {
        "spent": str(status.spent),
        "waiting_since": status.waiting_since.isoformat() if status.waiting_since else None,
        "waiting_for": waiting_for.model_dump(mode="json") if waiting_for else None,
    }
    lines = [view_text(found)]
    if status.waiting_since:
        lines.append(f"waiting since {moment_text(status.waiting_since)}")
    if said := waiting_for.sentence if waiting_for else no_answer(status):
        lines.append(said)
    if limit := status.wish.spending_limit:
        lines.append(f"spent: {status.spent} of {limit}")
    document(format_, data, "\n".join(lines))
    return exit_of(found)


async def tell_wish(client: Client, wish_id: str, update: str) -> str:
    """Tell a wish to go on, or to rent nothing further; what it said. Raises Stop when it refuses."""
    action = OperatorAction(by=getpass.getuser())
    return await instruct(client, legacy_wish_workflow_id(wish_id), wish_id, update, action)


def _given(action: LegacyAction, kind: Kind, path: Path | None, options: Mapping[str, Any]) -> LegacyWish:
    if path is None:
        return wish_of_options(action, kind, options)
    if any(value not in (None, []) for value in options.values()):
        raise Stop("name a wish file or say it all by options, not both", Exit.USAGE)
    return wish_of_file(action, kind, path)


async def _offers(wish: LegacyWish) -> Sequence[LegacyOffer]:
    async with legacy_account(wish.profile, wish.organisation_id) as legacy:
        if wish.action is not LegacyAction.BUY:
            return ()
        return offers(wish, [shop_group(group) for group in await legacy.groups()])


def _plan(wish: LegacyWish, found: Sequence[LegacyOffer]) -> list[str]:
    head = f"{wish_title(wish)} ({wish.capability.value}), profile {wish.profile}"
    if wish.action is not LegacyAction.BUY:
        return [head, *(f"  {number}" for number in wish.numbers)]
    groups = [f"  {counted(o.quantity, 'number')} of group {o.group_id} at {o.cost}" for o in found]
    together = sum((offer.cost.amount * offer.quantity for offer in found), Decimal(0))
    return [head, *groups, f"  together {together}, spending limit {wish.spending_limit}"]


def _refuse_what_cannot_be(wish: LegacyWish, found: Sequence[LegacyOffer]) -> None:
    had = sum(offer.quantity for offer in found)
    if wish.action is LegacyAction.BUY and had < wish.quantity:
        raise Stop(
            f"{had} of {counted(wish.quantity, 'number')} can be had for {wish.spending_limit}; nothing was bought. "
            "See what there is: onboard legacy shop"
        )
