"""What a checkout needs before it can run: the Python environment and the two Temporal executables."""
