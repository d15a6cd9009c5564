"""What was requested since the page opened: by the page, by Python's worker and by the service worker."""

import asyncio

import js
from core.dom import document, on

_ASKED_AS = {"app/modules.bin?.tar.gz": "app/modules.bin"}  # its address tells PyScript what it is (app/pyscript.toml)


class RequestLog:
    """The files of this site that were asked for, and whatever else was."""

    def __init__(self):
        self.files = []
        """(path, bytes, group) of each of the site's own files, once each."""
        self.others = []
        """Every address that is no file of this site."""

    @property
    def bytes(self):
        """Bytes of all the files."""
        return sum(count for _, count, _ in self.files)

    def groups(self):
        """(group, files, bytes), in the order of first use."""
        found = {}
        for _, count, group in self.files:
            files, total = found.get(group, (0, 0))
            found[group] = (files + 1, total + count)
        return [(group, files, total) for group, (files, total) in found.items()]


async def read(engine):
    """Everything up to now, as the page, its workers and the service worker remember it."""
    listed, packed = {}, {}
    try:
        for file in (await (await js.fetch("files.json")).json()).files:
            listed[file.path] = (file.bytes, file.group)
            if hasattr(file, "packs"):
                packed[file.packs] = file.path
        listed["files.json"] = (sum(len(path) + 120 for path in listed), "app")
    except Exception:
        pass  # then no file is known, and each is shown as what it is: an address
    urls = [js.location.href.split("?")[0].split("#")[0]]
    urls += [entry.name for entry in js.performance.getEntriesByType("resource")]
    try:
        urls += [entry.name for entry in await engine.list_requests()]
    except Exception:
        pass
    urls += await _of_service_worker()
    return _sorted(urls, listed, packed)


def _sorted(urls, listed, packed):
    base = js.URL.new("./", document.baseURI).href
    traffic = RequestLog()
    seen = set()
    for url in urls:
        if url in seen or url.startswith(("blob:", "data:")):
            continue
        seen.add(url)
        path = url[len(base) :] or "index.html"
        path = _ASKED_AS.get(path, path)
        if url.startswith(base) and path in listed:
            if not any(path == known for known, _, _ in traffic.files):
                count, group = listed[path]
                traffic.files.append((path, count, group))
        else:
            traffic.others.append(url)
    # What came in its packed form was unpacked by the service worker for whoever asked for the file itself.
    came = [path for path, _, _ in traffic.files]
    traffic.files = [file for file in traffic.files if packed.get(file[0]) not in came]
    return traffic


async def _of_service_worker():
    """What the service worker fetched by itself, to keep it for the next visit."""
    controller = getattr(js.navigator, "serviceWorker", None) and js.navigator.serviceWorker.controller
    if not controller:
        return []
    channel = js.MessageChannel.new()
    answers = []
    on(channel.port1, "message", lambda event: answers.append(event.data))
    channel.port1.start()
    controller.postMessage("requests", _array(channel.port2))
    for _ in range(40):
        if answers:
            opened = js.performance.now()
            return [entry.name for entry in answers[0] if entry.age <= opened]
        await asyncio.sleep(0.05)
    return []


def _array(entry):
    made = js.Array.new()
    made.push(entry)
    return made
