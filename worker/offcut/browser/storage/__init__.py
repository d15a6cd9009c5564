"""What the worker stores on the device, all of it in Cache Storage (`offcut.protocol.caches`)."""
