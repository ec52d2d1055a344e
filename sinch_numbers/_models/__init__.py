"""Typed shapes of what the Sinch APIs send and take, one module a resource."""
