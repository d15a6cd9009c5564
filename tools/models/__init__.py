"""The networks: from the catalogue's entries and the fetched files to what a site carries."""
