"""What the product is compared with: the same calls to Sinch without its machinery."""
