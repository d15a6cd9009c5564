"""onnxruntime-web: WebAssembly, WebGPU, and the choice between the two."""
