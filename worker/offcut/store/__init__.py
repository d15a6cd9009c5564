"""The models of this machine: where they lie, which ones can be fetched, and fetching them."""
