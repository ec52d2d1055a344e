"""Only a token that we made, unchanged, leads to a workflow."""

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from onboarding.callback_tokens import InvalidToken, make_token, read_token
from onboarding.ids import hosting_order_workflow_id

KEY = b"a key of the receiver and the worker"
WORKFLOW_ID = hosting_order_workflow_id("acme-2026-03", 1, 2)
TOKEN = make_token(WORKFLOW_ID, KEY)
URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@given(st.text(max_size=250), st.binary(min_size=1))
@example("x" * 1000, KEY)
def test_a_token_gives_back_its_workflow_id(workflow_id: str, key: bytes) -> None:
    assert read_token(make_token(workflow_id, key), key) == workflow_id


@given(st.text(max_size=250))
def test_a_token_needs_no_escaping_in_a_url(workflow_id: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]+", make_token(workflow_id, KEY))


def test_the_same_workflow_has_the_same_token_wherever_it_is_made() -> None:
    assert make_token(WORKFLOW_ID, KEY) == TOKEN


@given(st.integers(0, len(TOKEN) - 1), st.sampled_from(URL_SAFE))
def test_a_token_with_another_character_is_refused(position: int, character: str) -> None:
    assume(TOKEN[position] != character)
    with pytest.raises(InvalidToken):
        read_token(TOKEN[:position] + character + TOKEN[position + 1 :], KEY)


@given(st.integers(0, len(TOKEN)), st.text(min_size=1, max_size=4))
@example(len(TOKEN), "=")
@example(len(TOKEN), "\n")
@example(0, " ")
def test_a_token_with_anything_put_in_is_refused(position: int, more: str) -> None:
    with pytest.raises(InvalidToken):
        read_token(TOKEN[:position] + more + TOKEN[position:], KEY)


@given(st.integers(0, len(TOKEN) - 1), st.integers(1, len(TOKEN)))
def test_a_token_with_anything_left_out_is_refused(position: int, length: int) -> None:
    with pytest.raises(InvalidToken):
        read_token(TOKEN[:position] + TOKEN[position + length :], KEY)


@given(st.text())
def test_a_made_up_token_is_refused(token: str) -> None:
    with pytest.raises(InvalidToken):
        read_token(token, KEY)


@given(st.binary())
def test_another_key_reads_nothing(key: bytes) -> None:
    assume(key != KEY)
    with pytest.raises(InvalidToken):
        read_token(TOKEN, key)
