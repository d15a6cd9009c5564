"""What a contributor runs: fetch and verify, build models, build the site, serve it, test it.

Start it with `python3 -m tools -h`.
"""
