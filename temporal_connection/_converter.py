"""The data converter: pydantic models as JSON, in the same way in every process."""

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter


def data_converter() -> DataConverter:
    """The converter for clients, workers and replayers."""
    return pydantic_data_converter
