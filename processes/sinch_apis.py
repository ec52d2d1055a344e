"""The two APIs of Sinch that sign callbacks, each with a secret of its own."""

from enum import StrEnum


class SinchApi(StrEnum):
    """One API, by the word that the command line has for it."""

    IMPORTED = "imported"
    NUMBERS = "numbers"

    @property
    def secrets_key(self) -> str:
        """The key of a profile that names the file with the API's callback secrets."""
        return _SECRETS_KEYS[self]


_SECRETS_KEYS = {
    SinchApi.IMPORTED: "callback_secrets_file",
    SinchApi.NUMBERS: "numbers_callback_secrets_file",
}
