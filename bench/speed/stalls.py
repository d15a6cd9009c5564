"""Stalls: times in which a page does not react."""

WATCH = """() => {
    window.stall = 0;
    let last = performance.now();
    setInterval(() => { const now = performance.now(); stall = Math.max(stall, now - last - 4); last = now; }, 4);
}"""
"""JavaScript that records the longest stall, in milliseconds, in `stall`, by a timer that should fire every 4 ms."""
