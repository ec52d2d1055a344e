"""`onboard report`: the final report from the document store, whatever the histories' age."""

import sys

from activities.document_store import DocumentStore
from onboarding.ids import report_name
from onboarding.stages import Stage
from starter.exits import Exit, Stop
from starter.number_rows import final_report
from starter.output import Format, document, rows

_COLUMNS = ("phone_number", "stage", "reason", "explanation", "hosting_order_id")


async def show_report(store: DocumentStore, batch: str, format_: Format, csv: bool) -> Exit:
    """Print the report; exit 3 when numbers failed. Raises Stop when it is not written yet."""
    report = await final_report(store, batch)
    if report is None:
        raise Stop(f"batch {batch} has no final report yet; see: onboard status {batch}")
    if csv:
        sys.stdout.write((await store.published(report_name(batch, "csv")) or b"").decode())
    elif format_ is Format.JSON:
        document(format_, report, "")
    else:
        differs = any(number.get("findings") for number in report["numbers"])
        rows(format_, report["numbers"], (*_COLUMNS, "findings") if differs else _COLUMNS)
    return Exit.NUMBERS_FAILED if report["stages"].get(Stage.FAILED) else Exit.DONE
