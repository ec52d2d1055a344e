"""What the Web UI shows as current details of `ImportNumbers`, in Markdown."""

from onboarding.contracts.import_numbers import ImportStatus
from onboarding.details import no_news, paragraphs


def import_details(status: ImportStatus) -> str:
    """A stage table, who is waited on since when, and the next command."""
    waits = status.waiting_since and f"**{status.waiting_on.value}** since {status.waiting_since:%Y-%m-%d %H:%M} UTC"
    rows = "\n".join(f"| {stage} | {count} |" for stage, count in status.stages.items())
    command = "consent" if status.awaiting_consent else "numbers"
    return paragraphs(
        [
            f"### Import {status.batch}: {status.numbers_total} numbers",
            f"Waiting on {waits or 'nobody'}, {status.imports_in_flight} imports at Sinch, "
            f"{status.callbacks_received} callbacks received.",
            no_news("the imports", status.batch, status.silent_since),
            "**Cancelled:** nothing new is imported." if status.cancelled else "",
            f"| stage | numbers |\n| --- | ---: |\n{rows}",
            f"Next: `onboard {command} {status.batch}`",
        ]
    )
