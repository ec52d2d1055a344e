"""Settings of the outside dependencies, from environment variables that begin with `ONBOARD_`.

Secrets are read from the environment (or files through it) only, and never shown.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, StringConstraints
from pydantic_settings import BaseSettings, SettingsConfigDict

Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

DEFAULT_STORE = "var/documents"


class _Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="ONBOARD_", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )


class SinchSettings(_Settings):
    """The Sinch project whose numbers are onboarded, and how Sinch reaches us."""

    sinch_project_id: Filled = Field(description="project id of the Sinch dashboard")
    sinch_key_id: Filled = Field(description="id of an access key of that project")
    sinch_key_secret: SecretStr = Field(description="secret of that access key")
    sinch_imported_url: Filled = Field(
        default="https://imported.numbers.api.sinch.com", description="Imported Numbers and Hosting Orders API"
    )
    sinch_token_url: Filled = Field(default="https://auth.sinch.com/oauth2/token", description="OAuth2 token endpoint")
    callback_public_url: str = Field(
        default="", description="https address at which Sinch reaches the receiver; empty = polling alone"
    )
    callback_token_key: SecretStr | None = Field(
        default=None, min_length=32, description="at least 32 random characters, the same for worker and receiver"
    )


class MailSettings(_Settings):
    """The mail server, and who the mails are from and to."""

    smtp_host: Filled = Field(description="mail server that takes our mails")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="its port")
    smtp_username: str = Field(default="", description="user name, empty = no log-in")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="password")
    smtp_tls: Literal["starttls", "tls", "none"] = Field(default="starttls", description="how the line is encrypted")
    mail_from: Filled = Field(description="sender's address of invoice mails and notices")
    orders_desk: Filled = Field(default="orders@sinch.com", description="where Sinch takes invoices")
    sinch_project_id: Filled = Field(description="named in the invoice mails")


class DocumentSettings(_Settings):
    """Where manifests, invoices and reports are kept."""

    document_store: str = Field(
        default=str(Path(DEFAULT_STORE).absolute()), description="fsspec URL or folder, for example s3://bucket/prefix"
    )
