"""Own networks: ONNX files that a person brings. They are read, checked and described before anything runs them."""
