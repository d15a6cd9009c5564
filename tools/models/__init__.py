"""The networks: from the catalogue's entries and the fetched files to what a site carries."""

import os

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # before onnxruntime is imported, which reports its use otherwise
