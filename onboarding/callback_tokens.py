"""The token in every callback URL: it carries the workflow id and its own signature.

So a callback needs no look-up to find its workflow, and nobody can make up a URL that signals another one.
"""

import base64
import binascii
import hashlib
import hmac

_SIGNATURE_BYTES = 16


class InvalidToken(ValueError):
    """The token was not made with our key, or was changed on its way."""


def make_token(workflow_id: str, key: bytes) -> str:
    """A URL-safe token (letters, digits, `-`, `_`) for a workflow id of up to 1,000 bytes."""
    name = workflow_id.encode()
    return _encode(_signature(name, key) + name)


def read_token(token: str, key: bytes) -> str:
    """The workflow id of a token. Raises InvalidToken."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        signature, name = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
        workflow_id = name.decode()
    except (binascii.Error, ValueError):
        raise InvalidToken("the token is not base64url text") from None
    if not hmac.compare_digest(signature, _signature(name, key)) or _encode(raw) != token:
        raise InvalidToken("the token's signature does not fit")
    return workflow_id


def _signature(name: bytes, key: bytes) -> bytes:
    return hmac.new(key, b"callback-token:" + name, hashlib.sha256).digest()[:_SIGNATURE_BYTES]


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
