"""A Chromium whose graphics processor is made of software, and a site whose graphics device a test can take away."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tools.files import hash_file

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
    shutil.copytree(built, copy)
    module = copy / "vendor" / "pyodide" / "pyodide.mjs"  # which the worker runs before anything of ours
    module.write_text(STEERED + module.read_text("utf-8"), "utf-8")
    # The service worker keeps no file that is not the one the list names.
    listing = copy / "files.json"
    listed = json.loads(listing.read_text("utf-8"))
    for file in listed["files"]:
        if file["path"] == "vendor/pyodide/pyodide.mjs":
            file.update(sha256=hash_file(module), bytes=module.stat().st_size)
    listing.write_text(json.dumps(listed), "utf-8")
    return copy


def steer(*, broken: bool = False, vendor: str = "") -> str:
    """A script of the page: the graphics device cannot be had at all, or is of another vendor."""
    steering = json.dumps(json.dumps({"broken": broken, "vendor": vendor}))
    put = f'cache.put("vendor/pyodide/steering", new Response({steering}))'
    return f'caches.open("steering").then((cache) => {put});'


def lose(page) -> None:
    """Take the graphics device away."""
    page.evaluate("new BroadcastChannel('graphics').postMessage('lose')")
