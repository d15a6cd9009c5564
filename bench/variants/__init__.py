"""Every way to build each network, in the browser, as visitors have it: which is the one to ship for which backend."""
