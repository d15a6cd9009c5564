"""The page: a photo comes in, the engine cuts it out, the person saves it."""

import asyncio

import api
import dragging
import js
from backends import Backends
from dom import by_id, object_of, on
from engine import Engine, EngineError
from notice import Notice
from progress import Progress
from runtime import Runtime
from snapshot import Snapshot
from stage import Stage
from status import Status
from tiers import Tiers
from words import say

picker = by_id("photo")
stage = Stage()
progress = Progress()
notice = Notice()
status = Status()
engine = Engine(by_id("engine"), api.may_end)
runtime = Runtime(lambda done, total: tell("runtime", done, total))
snapshot = Snapshot(stage.is_working)
tiers = Tiers(lambda: on_model())
backends = Backends(lambda: on_model())
choices = asyncio.create_task(tiers.fill())  # a remembered network counts for the first photo too
last = None  # the photo on the page
latest = 0  # counts the photos; only the newest one may change the page


def tell(name, done=0, total=0):
    """Progress of something that every photo waits for."""
    api.announce(name, done, total)
    if stage.is_working():
        progress.show(name, done, total)


async def take(file, others):
    """Cut out a file; so many `others` came with it and are left."""
    global last, latest
    latest += 1
    mine = latest

    def listener(name, done, total):
        api.announce(name, done, total)
        if mine == latest:
            progress.show(name, done, total)

    notice.clear()
    snapshot.give_way()
    stage.open(file)
    progress.show("decode" if runtime.is_up else "runtime")
    runtime.tell()
    try:
        await choices
        answer = await engine.remove(file, object_of(model=tiers.model, backend=backends.chosen), listener)
    except EngineError as error:
        if mine == latest:
            progress.hide()
            stage.abandon()
            notice.warn(error.message)
        return
    if mine != latest:
        return
    last = file
    progress.hide()
    stage.finish(answer, file)
    status.took(answer)
    api.timed(answer.seconds)
    notice.say(say("said.done", width=answer.width, height=answer.height))
    notices = list(answer.notices)
    backends.heed(notices)
    if "gpu-failed" in notices or "gpu-differs" in notices:
        notice.tell(say("backend.failed" if "gpu-failed" in notices else "backend.differs"))
    elif "reduced" in notices:
        notice.tell(say("backend.reduced", width=answer.width, height=answer.height))
    elif "animated" in notices:
        notice.tell(say("said.animated"))
    elif others:
        notice.tell(say("said.several", name=file.name))


def on_photo(event=None):
    """A photo was chosen, dropped or pasted."""
    files = picker.files
    if files.length:
        asyncio.create_task(take(files.item(0), files.length - 1))
        picker.value = ""  # otherwise choosing the same photo again would go unnoticed


def on_model():
    """Another network or processor was chosen: the photo on the page is cut out again with it."""
    if last is not None:
        asyncio.create_task(take(last, 0))
    else:
        asyncio.create_task(start())


async def start():
    """Bring the engine up with its model, while the person is still choosing a photo."""
    status.starting()
    try:
        await choices
        await engine.start()
        runtime.done()
        info = await engine.load(tell, tiers.model, backends.chosen)
        backends.offer(info)
        status.ready(info)
    except EngineError as error:
        status.failed()
        notice.warn(error.message)
        api.settle(error)
        return
    api.settle()
    await snapshot.make()


on(picker, "change", on_photo)
dragging.watch()
api.publish(engine)
on_photo()  # a photo may have come before Python
asyncio.create_task(start())
