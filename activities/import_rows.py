"""Rows of an import under way in the document store, a slice of the batch at a time."""

from temporalio import activity

from activities.document_store import DocumentStore
from onboarding.calls.documents import GroupRows, GroupRowsStored, ResultRow
from onboarding.calls.imports import KEEP_ROWS, KeepRows


class ImportRows:
    """The rows of imports that are not through yet."""

    def __init__(self, store: DocumentStore) -> None:
        """The store that the report is made from."""
        self._store = store

    @activity.defn(name=KEEP_ROWS.name)
    async def keep(self, request: KeepRows) -> GroupRowsStored:
        """Keep the rows together with the earlier ones of the slice."""
        batch, sequence = request.rows.batch, request.rows.sequence
        rows = {row.phone_number: row for row in await self._earlier(request)}
        rows |= {row.phone_number: row for row in request.rows.rows}
        kept = GroupRows(batch=batch, sequence=sequence, rows=tuple(rows.values()))
        name = f"{batch}-{sequence:04d}-rows.json"
        return GroupRowsStored(file=await self._store.write(kept.model_dump_json().encode(), name))

    async def _earlier(self, request: KeepRows) -> tuple[ResultRow, ...]:
        if request.earlier is None:
            return ()
        return GroupRows.model_validate_json(await self._store.read(request.earlier)).rows
