"""The page: a photo comes in, the engine cuts it out, the person saves it."""

import asyncio

import api
import arrivals
import dragging
import js
from backends import Backends
from dom import by_id, object_of, on
from downloading import Downloading
from editor.desk import Desk
from editor.kept import Kept
from engine import Engine, EngineError
from language import LanguageChoice
from notice import Notice
from privacy import Privacy
from progress import Progress
from pyscript.ffi import to_js
from runtime import Runtime
from snapshot import Snapshot
from stage import Stage
from status import Status
from storage import Storage, ask_to_stay
from tiers import Tiers
from updates import Updates
from words import explain, say

picker = by_id("photo")
stage = Stage()
progress = Progress()
notice = Notice()
status = Status()
LanguageChoice()
engine = Engine(by_id("engine"), api.may_end)
desk = Desk(engine, notice)
kept = Kept(desk.questions, notice, lambda: asyncio.create_task(resume()))
desk.on_lost = kept.offer
downloading = Downloading(engine)
panels = {"privacy": Privacy(engine), "storage": Storage(engine)}
updates = Updates()
runtime = Runtime(lambda done, total: tell("runtime", done, total))
snapshot = Snapshot(stage.is_working)
tiers = Tiers(lambda: on_model())
backends = Backends(lambda: on_model())
choices = asyncio.create_task(tiers.fill())  # a remembered network counts for the first photo too
last = None  # the photo on the page
latest = 0  # counts the photos; only the newest one may change the page
overtaken = None  # the worker's photo and its file, where a newer one was chosen before it was shown


def tell(name, done=0, total=0):
    """Progress of something that every photo waits for."""
    api.announce(name, done, total)
    if stage.is_working():
        progress.show(name, done, total)
        downloading.show(name, done, total)
    elif name == "model" and done < total:
        status.loading(done, total)


async def take(file, others):
    """Cut out a file; so many `others` came with it and are left."""
    global latest, overtaken
    latest += 1
    mine = latest

    def listener(name, done, total):
        api.announce(name, done, total)
        if mine == latest:
            progress.show(name, done, total)
            downloading.show(name, done, total)

    notice.clear()
    kept.withdraw()
    snapshot.give_way()
    stage.open(file)
    progress.show("decode" if runtime.is_up else "runtime")
    runtime.tell()
    try:
        await choices
        await desk.questions.drained()
        answer = await engine.work("edit_open", file, object_of(model=tiers.model, backend=backends.chosen),
                                   desk.viewer.pixels, listener=listener)
    except EngineError as error:
        if mine == latest:
            refused(error)
        return
    if mine != latest:
        overtaken = answer, file
        return
    show(answer, file, file.name)
    status.took(answer)
    api.timed(answer.seconds)
    notice.say(say("said.done", width=answer.width, height=answer.height))
    notices = list(answer.notices)
    backends.heed(notices)
    if "gpu-failed" in notices:
        notice.tell(say("backend.failed"))
    elif "gpu-differs" in notices:
        notice.tell(say("backend.differs"))
    elif "reduced" in notices:
        notice.tell(say("backend.reduced", width=answer.width, height=answer.height))
    elif "animated" in notices:
        notice.tell(say("said.animated"))
    elif others:
        notice.tell(say("said.several", name=file.name))
    else:
        tell_trouble(await engine.info())
    await ask_to_stay()


def tell_trouble(info):
    """Say once that the model works from memory, where it cannot be kept."""
    if info.trouble:
        notice.tell_once(say("download." + info.trouble))


def say_refusal(error):
    """Say why there is no cutout; what a person has stopped is no fault."""
    if error.name == "DownloadCancelledError":
        notice.tell(explain(error))
    else:
        notice.warn(explain(error))


def show(answer, file, name):
    """A photo is open: the editor gets it."""
    global last, overtaken
    last, overtaken = file, None
    progress.hide()
    stage.finish()
    desk.open(answer, name)


def refused(error):
    """The newest photo cannot be had: back to the one that the worker still has open."""
    progress.hide()
    stage.abandon()
    if overtaken:
        answer, file = overtaken
        show(answer, file, file.name)
    say_refusal(error)


def on_photo(event=None):
    """A photo was chosen, dropped or pasted."""
    files = picker.files
    if files.length:
        asyncio.create_task(take(files.item(0), files.length - 1))
        picker.value = ""  # otherwise choosing the same photo again would go unnoticed


def on_model():
    """Another network or processor was chosen: the photo on the page is cut out again with it."""
    if last is not None and desk.use_network(tiers.model):
        return
    if last is not None:
        asyncio.create_task(take(last, 0))
    else:
        asyncio.create_task(start())


async def resume():
    """Go on with the work that this device has kept."""
    global latest
    latest += 1
    mine = latest
    snapshot.give_way()
    stage.resume()
    progress.show("decode")
    try:
        await desk.questions.drained()
        answer = await engine.work("edit_restore", desk.viewer.pixels, listener=progress.show)
    except EngineError as error:
        if mine == latest:
            refused(error)
        return
    if mine == latest:
        name = answer.name or "photo"
        show(answer, js.File.new(to_js([answer.file]), name), name)
        notice.say(say("said.resumed"))


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
        tell_trouble(info)
        if last is None:
            kept.look()
    except EngineError as error:
        status.failed()
        say_refusal(error)
        api.settle(error)
        return
    api.settle()
    await snapshot.make()


on(picker, "change", on_photo)
dragging.watch()
api.publish(engine)
on(js.window, "offcut:idle", lambda event: event.preventDefault() if last is not None else None)  # a photo is open in the worker
on_photo()  # a photo may have come before Python
arrivals.watch(take)
asked = arrivals.asked_for()
if asked in panels:
    panels[asked].open()
asyncio.create_task(start())
