"""The few things only a browser can do. The rest of the engine never imports JavaScript."""
