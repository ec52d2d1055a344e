"""The rented numbers of a batch that was started: which they are, and where they stand while they are being linked."""

from collections.abc import Sequence

from temporalio.client import Client

from activities.document_store import DocumentStore
from onboarding.batch import Manifest
from onboarding.calls.imported_numbers import NumberList
from onboarding.contracts.change_active_numbers import ChangeStatus
from onboarding.contracts.operator import STATUS_QUERY
from onboarding.ids import active_change_workflow_id
from starter.running import ANSWERED_WITHIN


async def rented_in(store: DocumentStore, manifest: Manifest) -> Sequence[str]:
    """The rented numbers of a batch, in its order."""
    if manifest.rented is None:
        return ()
    return NumberList.model_validate_json(await store.read(manifest.rented.numbers)).phone_numbers


async def linking_status(client: Client, change: str) -> ChangeStatus:
    """Where the change of this id stands."""
    handle = client.get_workflow_handle(active_change_workflow_id(change))
    status: ChangeStatus = await handle.query(STATUS_QUERY, result_type=ChangeStatus, rpc_timeout=ANSWERED_WITHIN)
    return status
