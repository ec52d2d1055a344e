"""The data converter: pydantic models as JSON, encrypted where there are keys, in the same way in every process."""

from dataclasses import replace

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import (
    DataConverter,
    DefaultFailureConverter,
    DefaultFailureConverterWithEncodedAttributes,
)

from temporal_connection._encryption import PayloadEncryption
from temporal_connection._payload_keys import PayloadKeys, PayloadSettings


def data_converter() -> DataConverter:
    """The converter for clients, workers and replayers, by the setting `ONBOARD_PAYLOAD_KEYS_FILE`.

    With keys, the messages and stack traces of failures are encrypted too. Raises InvalidPayloadKeys.
    """
    file = PayloadSettings.read().payload_keys_file
    return replace(
        pydantic_data_converter,
        payload_codec=PayloadEncryption(PayloadKeys(file) if file else None),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes if file else DefaultFailureConverter,
    )
