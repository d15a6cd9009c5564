"""How long a page could not answer."""

WATCH = """() => {
    window.stall = 0;
    let last = performance.now();
    setInterval(() => { const now = performance.now(); stall = Math.max(stall, now - last - 4); last = now; }, 4);
}"""
"""JavaScript that keeps the longest such time, in milliseconds, in `stall`: seen by a timer that should fire every 4 ms."""
