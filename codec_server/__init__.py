"""The codec server: shows encrypted payloads in the Web UI and the `temporal` CLI to those who may see them."""
