"""From a photo to the network's output: input tensors, sessions, and validation of GPUs."""
