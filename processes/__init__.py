"""What the processes of the product share: settings, profiles of Sinch projects, logs, the Temporal runtime."""
