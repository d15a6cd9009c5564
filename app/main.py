"""The page: puts its parts together and starts them."""

import asyncio

import api
import js
from core.dom import by_id, object_of, on
from core.i18n import error_text, t
from core.local_storage import open_preferences
from core.log import log
from core.notice import Notice
from core.page_language import PageLanguage
from core.select import SavedSelect
from core.site import read_json
from core.worker_client import EngineError, WorkerClient
from core.worker_transport import WorkerTransport
from dialogs.privacy import PrivacyDialog
from dialogs.storage import StorageDialog, ask_to_stay
from dialogs.updates import Updates
from editor.controller import EditorController
from intake import drag_overlay, launch_files
from photo.auto_upgrade import AutoUpgrade
from photo.download_controls import DownloadControls
from photo.photo_flow import PhotoFlow
from photo.photo_stage import PhotoStage
from photo.pickers import AUTOMATIC, BackendPicker, ModelPicker
from photo.progress_bar import ProgressBar
from photo.resume_offer import ResumeOffer
from photo.runtime_download import RuntimeDownload
from photo.status_line import StatusLine

log.attach(js.console)
preferences = await open_preferences()  # noqa: F704, PLE1142
PageLanguage(preferences)
picker = by_id("photo")
stage = PhotoStage()
notice = Notice()
status = StatusLine()
engine = WorkerClient(WorkerTransport(by_id("engine")), api.may_stop, api.blocked)
progress = ProgressBar(DownloadControls(engine), notice)
desk = EditorController(engine, notice, preferences)
photos = PhotoFlow(engine, desk, stage, progress, api.announce)
kept = ResumeOffer(engine, desk.requests, notice, lambda: asyncio.create_task(resume()))
desk.on_lost = kept.offer
panels = {"privacy": PrivacyDialog(engine), "storage": StorageDialog(engine)}
updates = Updates()
runtime = RuntimeDownload(lambda done, total: tell("runtime", done, total))
tiers = ModelPicker(SavedSelect("tier", "model", preferences))
backends = BackendPicker(SavedSelect("backend", "backend", preferences))
improving = AutoUpgrade(engine, desk, tiers, backends)


async def fill_models():
    catalogue, _ = await read_json("models/catalogue.json")
    tiers.fill(catalogue)


choices = asyncio.create_task(fill_models())  # a remembered network counts for the first photo too


def tell(name, done=0, total=0):
    """ProgressBar of something that every photo waits for."""
    api.announce(name, done, total)
    if stage.is_working():
        progress.show(name, done, total)
    elif name == "model" and done < total:
        status.loading(done, total)


async def options():
    """How a photo is to be cut out."""
    await choices
    return object_of(model=improving.first, backend=backends.selected)


def on_begin():
    """A photo is on its way."""
    notice.clear()
    kept.withdraw()
    status.give_way()
    improving.abandon()
    progress.show("decode" if runtime.is_up else "runtime")
    runtime.tell()


async def on_done(answer, file, others):
    """A photo is cut out and on the page."""
    improving.begin(answer)
    status.took(answer)
    api.timed(answer.seconds)
    notice.announce(t("said.done", width=answer.width, height=answer.height))
    notices = list(answer.notices)
    backends.heed(notices)
    if "gpu-failed" in notices:
        notice.info(t("backend.failed"))
    elif "gpu-differs" in notices:
        notice.info(t("backend.differs"))
    elif "reduced" in notices:
        notice.info(t("backend.reduced", width=answer.width, height=answer.height))
    elif "animated" in notices:
        notice.info(t("said.animated"))
    elif others:
        notice.info(t("said.several", name=file.name))
    else:
        tell_trouble(await engine.info())
    await ask_to_stay(preferences)


def tell_trouble(info):
    """Say once that the model works from memory, where it cannot be kept."""
    if info.storage_problem:
        notice.info_once(t("download." + info.storage_problem))


def say_refusal(error):
    """Say why there is no cutout; what a person has stopped is no fault."""
    if error.name == "DownloadCancelledError":
        notice.info(error_text(error))
    else:
        notice.error(error_text(error))


tiers.changed.connect(lambda: on_network())
backends.changed.connect(lambda: on_processor())
photos.options, photos.on_begin, photos.on_done, photos.on_refused = options, on_begin, on_done, say_refusal


def on_photo(event=None):
    """A photo was chosen, dropped or pasted."""
    files = picker.files
    if files.length:
        asyncio.create_task(photos.take(files.item(0), files.length - 1))
        picker.value = ""  # otherwise choosing the same photo again would go unnoticed


def on_network():
    """Another network was chosen: one more step where there is work, else the photo is cut out again with it."""
    if photos.last and not photos.coming and desk.has_work():
        improving.abandon()
        if tiers.selected != AUTOMATIC:
            desk.use_network(tiers.selected, backends.selected)
    else:
        begin_again()


def on_processor():
    """Another processor was chosen. Work stays as it is: what is asked from now on is computed there."""
    if photos.last and not photos.coming and desk.has_work():
        improving.abandon()
        asyncio.create_task(start())
    else:
        begin_again()


def begin_again():
    """Cut the photo on its way or on the page out as is chosen now; without one, have the engine ready for that."""
    improving.abandon()
    file = photos.coming or photos.last
    asyncio.create_task(photos.take(file) if file else start())


async def resume():
    """Go on with the work that this device has kept."""
    improving.abandon()
    if await photos.resume():
        notice.announce(t("said.resumed"))


async def start():
    """Bring the engine up with its model, while the person is still choosing a photo."""
    status.starting()
    try:
        await choices
        await engine.start()
        runtime.done()
        info = await engine.load_model(improving.first, backends.selected, tell)
        backends.show_for(info)
        status.ready(info)
        tell_trouble(info)
        if photos.last is None:
            kept.look()
    except EngineError as error:
        if error.name != "EngineStoppedError":
            status.failed()
            say_refusal(error)
            api.settle(error)
            return
        status.resting()  # by `offcut.release`, which is no fault, or by an error that was told of
    api.settle()


def keep_worker(event):
    """A photo that is open would be lost with the worker."""
    if photos.last is not None:
        event.preventDefault()


on(picker, "change", on_photo)
drag_overlay.watch()
api.publish(engine, lambda: {"selected_model": tiers.selected, "upgrade_state": improving.state})
on(js.window, "offcut:idle", keep_worker)
on_photo()  # a photo may have come before Python
launch_files.watch(photos.take)
asked = launch_files.asked_for()
if asked in panels:
    panels[asked].open()
asyncio.create_task(start())
