"""Third-party files: what `vendor.lock.toml` names, fetched through npm and pip, verified, kept in `vendor/`."""
