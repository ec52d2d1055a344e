"""Settings of the outside dependencies."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, StringConstraints

from processes.settings import Settings

Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _with_something_in_it(secret: SecretStr) -> SecretStr:
    if not secret.get_secret_value().strip():
        raise ValueError("it is blank")
    return secret


FilledSecret = Annotated[SecretStr, AfterValidator(_with_something_in_it)]

DEFAULT_STORE = "var/documents"


class SinchSettings(Settings):
    """The Sinch project whose numbers are onboarded, and how Sinch reaches us."""

    sinch_project_id: Filled = Field(description="the project id of the Sinch dashboard")
    sinch_key_id: Filled = Field(description="the id of an access key of that project")
    sinch_key_secret: FilledSecret = Field(description="the secret of that access key")
    sinch_imported_url: Filled = Field(
        default="https://imported.numbers.api.sinch.com",
        description="the address of the Sinch API",
    )
    sinch_token_url: Filled = Field(default="https://auth.sinch.com/oauth2/token", description="the token address")
    callback_public_url: str = Field(
        default="", description="the https address at which Sinch reaches the receiver; empty = polling alone"
    )
    callback_token_key: SecretStr | None = Field(
        default=None, min_length=32, description="at least 32 random characters, the same for worker and receiver"
    )


class MailSettings(Settings):
    """The mail server, and who the mails are from and to."""

    smtp_host: Filled = Field(description="the mail server that takes our mails")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="the port of the mail server")
    smtp_username: str = Field(default="", description="the user name at the mail server; empty = no log-in")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="the password at the mail server")
    smtp_tls: Literal["starttls", "tls", "none"] = Field(default="starttls", description="`starttls`, `tls` or `none`")
    mail_from: Filled = Field(description="the sender's address of invoice mails and notices")
    orders_desk: Filled = Field(default="orders@sinch.com", description="the address where Sinch takes invoices")
    sinch_project_id: Filled = Field(description="the project id of the Sinch dashboard")


class DocumentSettings(Settings):
    """Where manifests, invoices and reports are kept."""

    document_store: str = Field(
        default=str(Path(DEFAULT_STORE).absolute()),
        description="a folder or fsspec URL, for example s3://bucket/prefix",
    )
