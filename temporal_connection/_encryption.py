"""Encrypted payloads: AES-256-GCM, a fresh nonce a payload, the key by its id.

The whole payload, its own metadata too, is the plain text. Key id and encoding stay readable and are authenticated.
Payloads that are not encrypted pass through, so histories from before encryption was switched on go on.
"""

import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from processes.settings import InvalidSettings
from temporal_connection._payload_keys import KEYS_FILE_VARIABLE, PayloadKeys

ENCODING = b"binary/encrypted"
KEY_ID = "encryption-key-id"

_NONCE_BYTES = 12


class UnreadablePayload(InvalidSettings):
    """The keys of this process do not open a payload; the message names the key and what to do."""


class UnknownPayloadKey(UnreadablePayload):
    """A payload is encrypted with a key that this process does not have."""


class WrongPayloadKey(UnreadablePayload):
    """A payload is not what was encrypted with the key it names: one of the two is another."""


class PayloadEncryption(PayloadCodec):
    """Encrypts with the newest key, decrypts with whichever a payload names."""

    def __init__(self, keys: PayloadKeys | None) -> None:
        """Without keys nothing is encrypted, and what is encrypted is refused with UnknownPayloadKey."""
        self._keys = keys

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Each payload encrypted, or as it is where there are no keys."""
        if self._keys is None:
            return list(payloads)
        key_id, cipher = self._keys.newest()
        metadata = {"encoding": ENCODING, KEY_ID: key_id.encode()}
        encrypted = []
        for payload in payloads:
            nonce = os.urandom(_NONCE_BYTES)
            data = nonce + cipher.encrypt(nonce, payload.SerializeToString(), _authenticated(key_id.encode()))
            encrypted.append(Payload(metadata=metadata, data=data))
        return encrypted

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Each payload as it was before it was encrypted. Raises UnreadablePayload."""
        return [
            self._decrypted(payload) if payload.metadata.get("encoding") == ENCODING else payload
            for payload in payloads
        ]

    def _decrypted(self, payload: Payload) -> Payload:
        key_id = payload.metadata.get(KEY_ID, b"")
        shown = key_id.decode(errors="replace")
        cipher = self._keys.named(shown) if self._keys else None
        if cipher is None:
            raise UnknownPayloadKey(f"a payload is encrypted with key {shown!r}, {self._where_to_add_it()}")
        nonce, data = payload.data[:_NONCE_BYTES], payload.data[_NONCE_BYTES:]
        try:
            return Payload.FromString(cipher.decrypt(nonce, data, _authenticated(key_id)))
        except (InvalidTag, ValueError):
            raise WrongPayloadKey(
                f"a payload does not open with the key {shown!r} that it names: either it was changed, or this process "
                f"has another key under that id. Compare the files that {KEYS_FILE_VARIABLE} names."
            ) from None

    def _where_to_add_it(self) -> str:
        if self._keys is None:
            return f"and this process has no keys. Set {KEYS_FILE_VARIABLE} to the file with them."
        return f"which is not in {self._keys.file} ({KEYS_FILE_VARIABLE}). Add it there; it is read again at once."


def _authenticated(key_id: bytes) -> bytes:
    return ENCODING + b"\0" + key_id
