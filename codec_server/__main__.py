"""`python -m codec_server`: decode and encode payloads for the Web UI and the CLI until SIGTERM or SIGINT.

Ends with 4 when a setting is missing or wrong, with 1 when the port cannot be had.
"""

import sys

import structlog
import uvicorn

from codec_server.access import Access
from codec_server.application import application
from codec_server.settings import CodecServerSettings
from processes.logs import configure_logs
from processes.settings import InvalidSettings
from temporal_connection import PayloadEncryption, PayloadKeys, PayloadSettings

_log = structlog.stdlib.get_logger("codec_server")


def main() -> int:
    """Run the codec server; the exit code."""
    try:
        settings = CodecServerSettings.read()
        configure_logs(settings.log_format, mask_numbers=True)
        access = Access(settings.token(), settings.codec_ui_origin)
        codec = PayloadEncryption(_keys())
    except InvalidSettings as error:
        sys.stderr.write(f"The codec server cannot start.\n{error}\n")
        return 4
    _log.info("starting", host=settings.codec_host, port=settings.codec_port, ui_origin=settings.codec_ui_origin)
    # No access log: a line a request of the Web UI says nothing that an operator needs.
    uvicorn.run(
        application(codec, access, settings.codec_ui_origin),
        host=settings.codec_host,
        port=settings.codec_port,
        access_log=False,
        log_config=None,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=5,
        ws="none",
    )
    return 0


def _keys() -> PayloadKeys:
    file = PayloadSettings.read().payload_keys_file
    if file is None:
        raise InvalidSettings(
            "ONBOARD_PAYLOAD_KEYS_FILE: it is missing. "
            f"Set it to {PayloadSettings.model_fields['payload_keys_file'].description}."
        )
    return PayloadKeys(file)


if __name__ == "__main__":
    sys.exit(main())
