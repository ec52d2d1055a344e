"""Lists of numbers in the document store, and the reports of the workflows that work through them."""

from collections import Counter

from temporalio import activity

from activities.document_store import DocumentStore
from onboarding import reasons
from onboarding.calls.documents import GroupRows, ResultRow
from onboarding.calls.imported_numbers import (
    READ_NUMBER_LIST,
    WRITE_NUMBER_REPORT,
    NotBegun,
    NumberList,
    NumberReport,
    NumberReportWritten,
    ReadNumberList,
    WriteNumberReport,
)
from onboarding.ids import report_name
from onboarding.reasons import reason
from onboarding.stages import Stage


class NumberLists:
    """The lists of numbers to relink or to remove."""

    def __init__(self, store: DocumentStore) -> None:
        """The store the starter wrote the list to."""
        self._store = store

    @activity.defn(name=READ_NUMBER_LIST.name)
    async def read_list(self, request: ReadNumberList) -> NumberList:
        """One page of a list."""
        kept = NumberList.model_validate_json(await self._store.read(request.file))
        return NumberList(phone_numbers=kept.phone_numbers[request.offset : request.offset + request.count])

    @activity.defn(name=WRITE_NUMBER_REPORT.name)
    async def write_report(self, request: WriteNumberReport) -> NumberReportWritten:
        """One row a number, in the order in which they came to their ends; last those that were left alone."""
        files = [GroupRows.model_validate_json(await self._store.read(file)) for file in request.rows]
        rows = (*(row for file in files for row in file.rows), *await self._left_alone(request.not_begun))
        counts = Counter(row.stage for row in rows)
        stages = {stage.value: counts[stage] for stage in Stage if counts[stage]}
        report = NumberReport(workflow_id=request.workflow_id, stages=stages, numbers=rows)
        name = report_name(request.workflow_id, "json")
        path = await self._store.publish(name, report.model_dump_json(indent=1).encode())
        return NumberReportWritten(path=path, stages=stages)

    async def _left_alone(self, numbers: NotBegun | None) -> list[ResultRow]:
        if numbers is None:
            return []
        kept = NumberList.model_validate_json(await self._store.read(numbers.file))
        return [
            ResultRow(
                phone_number=phone_number,
                stage=Stage.CANCELLED,
                reason=reason(reasons.NOT_BEGUN),
                settled_at=numbers.since,
            )
            for phone_number in kept.phone_numbers[numbers.offset :]
        ]
