"""Settings of the codec server, from environment variables that begin with `ONBOARD_`."""

from pathlib import Path

from pydantic import Field, SecretStr

from processes.logs import LogFormat
from processes.secret_files import secret_of_file
from processes.settings import PREFIX, InvalidSettings, Settings

SHORTEST_TOKEN = 32


class CodecServerSettings(Settings):
    """One field for each variable; its description says what to set."""

    codec_host: str = Field(default="127.0.0.1", description="the address to listen on")
    codec_port: int = Field(default=8081, ge=1, le=65535, description="the port to listen on")
    codec_token: SecretStr | None = Field(
        default=None, description=f"at least {SHORTEST_TOKEN} random characters, which whoever decodes has to show"
    )
    codec_token_file: Path | None = Field(default=None, description="a file with nothing but that token")
    codec_ui_origin: str = Field(
        default="http://localhost:8233",
        pattern=r"^https?://[^/]+$",
        description="scheme, host and port of the Temporal Web UI as browsers see it, such as https://temporal.example.com",
    )
    log_format: LogFormat = Field(default="console", description="`console` for people, `json` for machines")

    def token(self) -> SecretStr:
        """The token, from wherever it is. Raises InvalidSettings."""
        token = self.codec_token or self._token_in_file()
        if len(token.get_secret_value()) < SHORTEST_TOKEN:
            raise InvalidSettings(
                f"{PREFIX}CODEC_TOKEN: it is missing or too short. Set it, or the file that {PREFIX}CODEC_TOKEN_FILE "
                f"names, to {type(self).model_fields['codec_token'].description}."
            )
        return token

    def _token_in_file(self) -> SecretStr:
        if self.codec_token_file is None:
            return SecretStr("")
        description = type(self).model_fields["codec_token_file"].description or ""
        return SecretStr(secret_of_file(self.codec_token_file, f"{PREFIX}CODEC_TOKEN_FILE", description))
