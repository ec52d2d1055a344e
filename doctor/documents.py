"""The document store: whether what is written there can be read again."""

from collections.abc import Sequence
from datetime import UTC, datetime

from activities.document_store import DocumentStore
from activities.settings import DocumentSettings
from doctor.diagnosis import Cause, Diagnosis, fine, problem

CHECK = "document store"
_FILE = "onboard-doctor.txt"


async def diagnose_document_store() -> Sequence[Diagnosis]:
    """Write one small file, always the same one, and read it. Raises InvalidSettings."""
    url = DocumentSettings.read().document_store
    written = f"onboard doctor was here at {datetime.now(UTC).isoformat()}\n".encode()
    step = "correct ONBOARD_DOCUMENT_STORE, or who may write there; worker and command need the same store"
    try:
        store = DocumentStore(url)
        await store.publish(_FILE, written)
        read = await store.published(_FILE)
    except Exception as error:  # each kind of store has errors of its own
        message = f"it cannot be written or read: {type(error).__name__}: {error}"
        return [problem(CHECK, url, message, step, Cause.CONFIGURATION)]
    if read != written:
        message = "what was written there does not come back"
        return [problem(CHECK, url, message, step, Cause.CONFIGURATION)]
    return [fine(CHECK, url, "what is written there can be read")]
