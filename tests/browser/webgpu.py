"""A Chromium whose graphics processor is made of software, and a site whose graphics device a test can take away."""

from __future__ import annotations

import json
from pathlib import Path

from tests.browser.steering import with_another_file

SWIFTSHADER = (
    "--enable-unsafe-webgpu",
    "--use-webgpu-adapter=swiftshader",
    "--enable-features=Vulkan",
    "--use-vulkan=swiftshader",
)

STEERED = """
/* Put in front of what the worker imports first: the device can be lost when a test says so, or never be had, and the
   adapter can call itself something else. */
if (navigator.gpu) {
  const requestAdapter = navigator.gpu.requestAdapter.bind(navigator.gpu);
  navigator.gpu.requestAdapter = async (options) => {
    const { broken, vendor } = (await (await caches.match(new URL("steering", import.meta.url)))?.json()) ?? {};
    const adapter = await requestAdapter(options);
    const requestDevice = adapter.requestDevice.bind(adapter);
    adapter.requestDevice = async (wanted) => {
      if (broken) throw new Error("this device cannot be had");
      const device = await requestDevice(wanted);
      new BroadcastChannel("graphics").onmessage = () => device.destroy();
      return device;
    };
    const info = { vendor, architecture: "", device: "", description: "" };
    if (vendor) Object.defineProperty(adapter, "info", { value: info });
    return adapter;
  };
}
"""


def steerable(built: Path, copy: Path) -> Path:
    """A copy of a site whose graphics device is lost at `lose`, and is what `steer` says."""
    # Which the worker runs before anything of ours.
    return with_another_file(built, copy, "vendor/pyodide/pyodide.mjs", lambda text: STEERED + text)


def steer(*, broken: bool = False, vendor: str = "") -> str:
    """A script of the page: the graphics device cannot be had at all, or is of another vendor."""
    steering = json.dumps(json.dumps({"broken": broken, "vendor": vendor}))
    put = f'cache.put("vendor/pyodide/steering", new Response({steering}))'
    return f'caches.open("steering").then((cache) => {put});'


def lose(page) -> None:
    """Take the graphics device away."""
    page.evaluate("new BroadcastChannel('graphics').postMessage('lose')")
