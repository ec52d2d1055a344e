"""What a failure says, which may be encrypted with a key that is not known here."""

from temporalio.api.failure.v1 import Failure
from temporalio.converter import DataConverter
from temporalio.exceptions import FailureError

from processes.settings import InvalidSettings


async def failure_in_words(converter: DataConverter, failure: Failure) -> str:
    """The first line of its message, or why that cannot be read."""
    try:
        error = await converter.decode_failure(_reported(failure))
    except InvalidSettings as unreadable:
        return f"what it says is encrypted: {unreadable}"
    said = error.message if isinstance(error, FailureError) else str(error)
    return said.partition("\n")[0]


def failure_type(failure: Failure) -> str:
    """One of `onboarding.errors.FailureType`, the name of an exception, or empty. It is never encrypted."""
    return _reported(failure).application_failure_info.type


def _reported(failure: Failure) -> Failure:
    """What the worker reported: the server puts one of more than 4 KB into a failure of its own, and cuts it short."""
    while failure.HasField("server_failure_info") and failure.HasField("cause"):
        failure = failure.cause
    return failure
