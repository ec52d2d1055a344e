"""Encrypted payloads: what comes back, what is refused, what is never to be seen."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.exceptions import ApplicationError

from temporal_connection import (
    PayloadEncryption,
    PayloadKey,
    PayloadKeys,
    UnknownPayloadKey,
    WrongPayloadKey,
    add_payload_key,
    data_converter,
    new_payload_key,
    read_payload_keys,
    use_payload_key,
)

PLAIN = Payload(metadata={"encoding": b"json/plain"}, data=b'"+12025550134"')
ANY_PAYLOAD = st.builds(
    Payload, metadata=st.dictionaries(st.text(max_size=20), st.binary(max_size=50), max_size=4), data=st.binary()
)


@pytest.fixture(scope="session")
def any_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("payloads") / "keys"
    add_payload_key(file, new_payload_key())
    return file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    add_payload_key(tmp_path / "keys", new_payload_key())
    return tmp_path / "keys"


def encryption(file: Path) -> PayloadEncryption:
    return PayloadEncryption(PayloadKeys(file))


def write(file: Path, keys: Mapping[str, PayloadKey]) -> None:
    """These keys, each under the id given to it here."""
    file.write_text("".join(f"{key_id} {key.line.split()[1]}\n" for key_id, key in keys.items()))


def refuse_the_order() -> None:
    raise ApplicationError("refused for +12025550134", "Robin Park", type="Conflict")


@given(payloads=st.lists(ANY_PAYLOAD, max_size=4))
async def test_every_payload_comes_back_as_it_was(any_file: Path, payloads: list[Payload]) -> None:
    codec = encryption(any_file)
    encrypted = await codec.encode(payloads)
    assert await codec.decode(encrypted) == payloads
    assert {payload.metadata["encoding"] for payload in encrypted} <= {b"binary/encrypted"}


async def test_nothing_of_a_payload_can_be_seen_and_equal_payloads_differ(file: Path) -> None:
    first, second = await encryption(file).encode([PLAIN, PLAIN])
    assert first.data != second.data
    assert b"2025550134" not in first.SerializeToString()
    assert b"json" not in first.SerializeToString()
    assert set(first.metadata) == {"encoding", "encryption-key-id"}


async def test_payloads_from_before_encryption_are_read_beside_encrypted_ones(file: Path) -> None:
    [encrypted] = await encryption(file).encode([PLAIN])
    assert await encryption(file).decode([PLAIN, encrypted, PLAIN]) == [PLAIN] * 3


async def test_an_unknown_key_is_named_with_the_setting_that_lacks_it(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    add_payload_key(other, new_payload_key())
    [encrypted] = await encryption(other).encode([PLAIN])
    key_id = encrypted.metadata["encryption-key-id"].decode()
    with pytest.raises(UnknownPayloadKey, match=rf"'{key_id}'.*{file}.*ONBOARD_PAYLOAD_KEYS_FILE"):
        await encryption(file).decode([encrypted])
    with pytest.raises(UnknownPayloadKey, match=rf"'{key_id}'.*has no keys. Set ONBOARD_PAYLOAD_KEYS_FILE"):
        await PayloadEncryption(None).decode([encrypted])


async def test_another_key_under_the_same_id_is_told_apart_from_an_unknown_one(file: Path) -> None:
    [encrypted] = await encryption(file).encode([PLAIN])
    key_id = encrypted.metadata["encryption-key-id"].decode()
    write(file, {key_id: new_payload_key()})
    with pytest.raises(WrongPayloadKey, match=f"'{key_id}'"):
        await encryption(file).decode([encrypted])


@given(position=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255))
async def test_a_changed_byte_is_noticed_wherever_it_is(any_file: Path, position: int, flip: int) -> None:
    [encrypted] = await encryption(any_file).encode([PLAIN])
    data = bytearray(encrypted.data)
    data[position % len(data)] ^= flip
    with pytest.raises(WrongPayloadKey):
        await encryption(any_file).decode([Payload(metadata=encrypted.metadata, data=bytes(data))])


@pytest.mark.parametrize("length", [0, 1, 11, 12, 20])
async def test_a_payload_that_was_cut_off_is_refused(file: Path, length: int) -> None:
    [encrypted] = await encryption(file).encode([PLAIN])
    with pytest.raises(WrongPayloadKey):
        await encryption(file).decode([Payload(metadata=encrypted.metadata, data=encrypted.data[:length])])


async def test_a_payload_is_bound_to_the_key_it_names(file: Path) -> None:
    [encrypted] = await encryption(file).encode([PLAIN])
    key_id = encrypted.metadata["encryption-key-id"].decode()
    [key] = read_payload_keys(file)
    write(file, {key_id: key, "alias": key})
    renamed = Payload(metadata={**encrypted.metadata, "encryption-key-id": b"alias"}, data=encrypted.data)
    with pytest.raises(WrongPayloadKey):
        await encryption(file).decode([renamed])


async def test_after_a_rotation_old_payloads_are_read_and_new_ones_have_the_new_key(file: Path) -> None:
    codec, new = encryption(file), new_payload_key()
    [old] = await codec.encode([PLAIN])
    add_payload_key(file, new)
    [between] = await codec.encode([PLAIN])
    use_payload_key(file, new.key_id)
    [latest] = await codec.encode([PLAIN])
    assert await codec.decode([old, between, latest]) == [PLAIN] * 3
    named = [payload.metadata["encryption-key-id"].decode() for payload in (old, between, latest)]
    assert (named[0] == named[1], named[2]) == (True, new.key_id)


async def test_messages_stack_traces_and_details_of_failures_are_encrypted(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONBOARD_PAYLOAD_KEYS_FILE", str(file))
    converter, failure = data_converter(), Failure()
    try:
        refuse_the_order()
    except ApplicationError as error:
        await converter.encode_failure(error, failure)
    written = failure.SerializeToString()
    assert not [shown for shown in (b"2025550134", b"Robin", b"refuse_the_order") if shown in written]
    read = await converter.decode_failure(failure)
    assert isinstance(read, ApplicationError)
    assert (read.message, read.details, read.type) == ("refused for +12025550134", ("Robin Park",), "Conflict")


async def test_without_the_setting_payloads_stay_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ONBOARD_PAYLOAD_KEYS_FILE", raising=False)
    [payload] = await data_converter().encode(["+12025550134"])
    assert payload.data == b'"+12025550134"'
