"""HTTP clients of tests talk to loopback, without TLS."""

import ssl

TRUSTS_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For httpx's `verify`: otherwise each client reads the machine's certificates, which takes longer than most tests."""
