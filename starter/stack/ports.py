"""Ports of the stack: free ones, on the loopback address."""

from scripts.ports import LOOPBACK, free_ports

__all__ = ["LOOPBACK", "free_ports"]
