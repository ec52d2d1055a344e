"""What a failure says can be told, and where it is encrypted with a key that is not here, that is said instead."""

from dataclasses import replace
from pathlib import Path

from temporalio.api.failure.v1 import Failure
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes
from temporalio.exceptions import ApplicationError

from doctor.failures import failure_in_words, failure_type
from temporal_connection import PayloadEncryption, PayloadKeys, add_payload_key, data_converter, new_payload_key


def with_a_key_of_its_own(file: Path) -> DataConverter:
    add_payload_key(file, new_payload_key())
    return replace(
        data_converter(),
        payload_codec=PayloadEncryption(PayloadKeys(file)),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


async def test_an_encrypted_failure_is_told_to_who_has_the_key_and_its_type_to_everybody(tmp_path: Path) -> None:
    ours, theirs = with_a_key_of_its_own(tmp_path / "ours"), with_a_key_of_its_own(tmp_path / "theirs")
    failure = Failure()
    await theirs.encode_failure(ApplicationError("the disk is full\nand more", type="DiskFull"), failure)
    copy = Failure.FromString(failure.SerializeToString())
    assert "disk" not in str(failure)
    assert (await failure_in_words(ours, failure)).startswith("what it says is encrypted: ")
    assert await failure_in_words(theirs, copy) == "the disk is full"
    assert failure_type(failure) == "DiskFull"


async def test_a_failure_that_the_server_has_cut_short_is_still_told() -> None:
    converter, failure = data_converter(), Failure()
    await converter.encode_failure(ApplicationError("Sinch refuses us", type="CredentialsRefused"), failure)
    wrapped = Failure(message="Failure exceeds size limit.", cause=failure)
    wrapped.server_failure_info.SetInParent()
    assert failure_type(wrapped) == "CredentialsRefused"
    assert await failure_in_words(converter, wrapped) == "Sinch refuses us"
