"""Settings of the receiver, from environment variables that begin with `ONBOARD_`."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, IPvAnyNetwork, SecretStr
from pydantic_settings import NoDecode

from processes.logs import LogFormat
from processes.settings import Settings


def _comma_separated(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


class ReceiverSettings(Settings):
    """One field for each variable; its description says what to set."""

    callback_token_key: SecretStr = Field(
        min_length=32, description="at least 32 random characters, the same for worker and receiver"
    )
    callback_secrets: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_comma_separated)] = Field(
        default=(),
        max_length=2,
        description="the callback secret of your Sinch project; two, comma separated, while you change it",
    )
    callback_accept_base64: bool = Field(
        default=False, description="`true` to take signatures in base64 as well as in hex"
    )
    receiver_host: str = Field(default="127.0.0.1", description="the address to listen on")
    receiver_port: int = Field(default=8080, ge=0, le=65535, description="the port to listen on; 0 takes a free one")
    trusted_proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode, BeforeValidator(_comma_separated)] = Field(
        default=(), description="comma separated networks whose X-Forwarded-For is believed, such as 10.0.0.0/8"
    )
    callback_allow_list: Literal["", "sinch"] = Field(
        default="", description="`sinch` to take callbacks from Sinch's addresses only, or nothing"
    )
    log_format: LogFormat = Field(default="console", description="`console` for people, `json` for machines")
