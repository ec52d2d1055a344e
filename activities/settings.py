"""Settings of the outside dependencies; Sinch projects and their credentials are in `processes.sinch_profiles`."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr

from processes.settings import Filled, Settings

DEFAULT_STORE = "var/documents"


class CallbackSettings(Settings):
    """How Sinch reaches us, whichever project an order belongs to."""

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


class DocumentSettings(Settings):
    """Where manifests, invoices and reports are kept."""

    document_store: str = Field(
        default=str(Path(DEFAULT_STORE).absolute()),
        description="a folder or fsspec URL, for example s3://bucket/prefix",
    )
