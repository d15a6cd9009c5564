"""onnxruntime-web on the CPU (WebAssembly) and on the GPU (WebGPU), and the choice between the two."""
