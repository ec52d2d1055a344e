"""What the long-running processes of the product share: their logs and their Temporal runtime."""
