"""The `onboard` command: everything a person starts, sees and steers a batch with."""
