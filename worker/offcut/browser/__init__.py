"""What only a browser can do. No other package of the engine imports JavaScript."""
