"""What the worker keeps on the device in Cache Storage."""
