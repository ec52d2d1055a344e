"""What the logs of worker and receiver look like, run as a process of their own because logging is global."""

import json
import subprocess
import sys

NUMBER = "+12025550134"

_LOG_SOMETHING = """
import logging, structlog
from processes.logs import configure_logs
configure_logs({format!r}, mask_numbers={mask})
structlog.stdlib.get_logger("product").info("taken", workflow_id="VerifyNumber:+12025550134", numbers=["+12025550134"])
logging.getLogger("library").warning("called %s", "+12025550134", extra={{
    "temporal_activity": {{"workflow_id": "w", "activity_type": "voice.place_call", "attempt": 2, "namespace": "n"}}
}})
logging.getLogger("httpx").info("HTTP Request: GET http://sinch/qualifiedNumbers/+12025550134")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("library").exception("failed")
"""


def _logged(log_format: str, *, mask: bool) -> str:
    script = _LOG_SOMETHING.format(format=log_format, mask=mask)
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout == ""
    return ended.stderr


def test_json_logs_are_one_object_a_line_with_level_logger_and_time() -> None:
    lines = [json.loads(line) for line in _logged("json", mask=False).splitlines()]

    assert [line["event"] for line in lines] == ["taken", f"called {NUMBER}", "failed"]
    assert [line["logger"] for line in lines] == ["product", "library", "library"]
    assert [line["level"] for line in lines] == ["info", "warning", "error"]
    assert all(line["timestamp"].endswith("Z") for line in lines)


def test_what_temporal_adds_to_a_record_is_kept_where_an_operator_searches_by_it() -> None:
    record = json.loads(_logged("json", mask=False).splitlines()[1])

    assert (record["workflow_id"], record["activity_type"], record["attempt"]) == ("w", "voice.place_call", 2)
    assert "namespace" not in record
    assert "temporal_activity" not in record


def test_an_exception_stays_on_the_line_of_its_event() -> None:
    record = json.loads(_logged("json", mask=False).splitlines()[2])

    assert "ZeroDivisionError" in record["exception"]


def test_masked_logs_hold_no_phone_number_anywhere() -> None:
    for log_format in ("json", "console"):
        logs = _logged(log_format, mask=True)

        assert NUMBER not in logs
        assert "+1202...34" in logs


def test_requests_of_the_http_client_are_not_logged() -> None:
    assert "HTTP Request" not in _logged("console", mask=False)
