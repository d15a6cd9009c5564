"""The page: makes its parts, connects them and starts them."""

import api
import js
from batch.controller import BatchController
from batch.network import BatchNetwork
from core.clock import monotonic
from core.dom import by_id, drawn, mark_idle, on
from core.errors import internal_error
from core.local_storage import open_preferences
from core.log import log
from core.memory_return import MemoryReturn
from core.notice import Notice
from core.page_language import PageLanguage
from core.request_queue import RequestQueue
from core.select import SavedSelect
from core.tasks import spawn
from core.timing import timing
from core.worker_client import WorkerClient
from core.worker_transport import WorkerTransport
from dialogs.browser import LastingStorage, delete_everything
from dialogs.model_storage import ModelStorage
from dialogs.persistence import Persistence
from dialogs.privacy import PrivacyDialog
from dialogs.question import Question
from dialogs.storage import StorageDialog
from dialogs.updates import Updates
from editor.browser import ObjectUrls
from editor.canvas_view import preview_pixels
from editor.controller import EditorController
from export.naming import Naming
from export.naming_fields import NamingFields
from intake import drop_and_paste, launch_files, samples
from intake.arrivals import Arrivals, Intake
from intake.drag_overlay import DragOverlay
from intake.drawing_dialog import DrawingDialog
from intake.drawings import Drawings
from intake.file_picker import FilePicker
from networks.bringing import NetworkBringing
from networks.browser import kept_networks, sample_photo
from networks.dialog import NetworkDialog, watch_files
from photo.alternatives import Alternatives
from photo.alternatives_card import AlternativesCard
from photo.auto_upgrade import AutoUpgrade
from photo.browser import Tab, arrived_bytes, load_catalogue, load_file_list, make_file, read_device
from photo.consent import Consent
from photo.engine_start import EngineStart
from photo.engine_status import EngineStatus
from photo.model_change import ModelChange
from photo.photo_flow import PhotoFlow
from photo.photo_stage import PhotoStage
from photo.pickers import BackendPicker, ModelPicker
from photo.presenter import PhotoPresenter
from photo.progress import Progress
from photo.reduction import Reduction
from photo.resume_offer import ResumeOffer
from photo.runtime_download import RuntimeDownload
from photo.way_back import WayBack
from photo.widgets import HistoryButtons, ProgressBox, QualityNote, ResumeBox, StatusLine, UpgradeLine
from presets.browser import Address
from presets.choice import PresetChoice
from presets.dialog import OwnPresetsDialog
from presets.own import OwnPresets
from presets.preset import load_presets
from presets.view import PresetLinks, PresetPicker
from recipes.connection import connect_recipes
from recipes.library import Library, read_sample
from recipes.sandbox import Sandbox

log.attach(js.console)


async def start():
    """Make the parts, those first that others need, connect them and start."""
    timing.override(api.timing_overrides())
    preferences = await open_preferences()
    PageLanguage(preferences)
    notice, queue = Notice(), RequestQueue()
    worker = WorkerClient(WorkerTransport(by_id("engine")), api.may_stop_worker, api.note_blocked)
    connect_recipes(worker, Sandbox())
    library = Library(preferences, read_sample)
    naming = Naming(preferences)
    NamingFields(naming)
    bring = by_id("network-file").click
    models = ModelPicker(SavedSelect("tier", "model", preferences), kept_networks, bring)
    backends = BackendPicker(SavedSelect("backend", "backend", preferences))
    editor = EditorController(worker, queue, notice, preferences, library, naming)
    question = Question()
    ask = question.ask
    consent = Consent(preferences, models)
    upgrade = AutoUpgrade(worker, queue, editor, models, backends, read_device, monotonic, consent)
    engine_start = EngineStart(worker, upgrade.choice)
    presets = load_presets()
    own = OwnPresets(preferences, dict(presets))
    edit = OwnPresetsDialog(own, worker, ask).open
    choice = PresetChoice(own.presets, Address(), editor)
    own.changed.connect(choice.forget_missing)
    PresetLinks(choice, by_id("photo").click)
    PresetPicker(choice, own, editor, edit)
    reduction = Reduction(ask, notice)
    flow = PhotoFlow(
        worker, queue, upgrade.choice, preview_pixels, make_file, reduction.may, lambda: choice.look, drawn
    )
    flow.started.connect(lambda file: question.dismiss())
    stage = PhotoStage(flow)
    tab, urls = Tab("work"), ObjectUrls()
    offer = ResumeOffer(worker, queue, notice, ask, tab, lambda: stage.is_empty)
    network = BatchNetwork(worker, models, backends, upgrade.choice, read_device, consent, monotonic)
    shared = choice, own, library, edit, naming
    batch = BatchController(worker, network, flow, editor, notice, ask, Tab("batch"), urls, make_file, *shared)
    runtime = RuntimeDownload(arrived_bytes)
    progress, status = Progress(worker, monotonic), EngineStatus(monotonic)

    async def photo_at_hand():
        return flow.current or await sample_photo()

    bringing = NetworkBringing(worker, models, photo_at_hand, notice)
    NetworkDialog(bringing)
    watch_files(bringing.open)
    storage = ModelStorage(worker, delete_everything, monotonic)
    storage.edited.connect(bringing.open)
    storage.removed.connect(lambda: spawn(models.reload()))
    storage.deleted.connect(lambda: spawn(models.reload()))
    storage.deleted.connect(preferences.clear)
    storage.deleted.connect(own.forget)
    storage.deleted.connect(lambda: spawn(batch.end()))
    lasting = LastingStorage()
    persistence = Persistence(lasting, lasting.permission, js.navigator.userAgent, preferences)
    stored = StorageDialog(worker, storage, persistence, bring)
    dialogs = {"privacy": PrivacyDialog(worker, stored.open), "storage": stored}
    StatusLine(status)
    ProgressBox(progress)
    UpgradeLine(upgrade)
    QualityNote(models)
    alternatives = Alternatives(worker, queue, editor, upgrade, models, backends, read_device, monotonic)
    AlternativesCard(alternatives, editor.close_tools)
    ResumeBox(offer)
    Updates()

    flow.shown.connect(editor.open)
    flow.closed.connect(editor.close)
    editor.photo_lost.connect(lambda: offer.find(is_lost=True))
    editor.edited.connect(upgrade.edited)

    def note_work():
        if editor.work and editor.has_work():
            tab.note(editor.work)

    def on_deleted(work):
        way_back.forget(work)
        if work == editor.work:
            batch.note_deleted()
            flow.close()

    editor.edited.connect(note_work)
    editor.work_changed.connect(note_work)
    presenter = PhotoPresenter(flow, engine_start, worker, upgrade, backends, runtime, progress, status, notice, offer)

    async def go_back(work):
        await batch.put_back()
        presenter.resume(work)

    way_back = WayBack(flow, editor, notice, lambda work: spawn(go_back(work)))
    batch.leaving.connect(way_back.leave)
    HistoryButtons(editor, offer, way_back)
    offer.deleted.connect(on_deleted)
    flow.started.connect(lambda file: alternatives.pause())
    flow.shown.connect(lambda response, name, reopen: alternatives.photo_shown(response))
    flow.finished.connect(lambda response, file: alternatives.photo_opened(response))
    flow.closed.connect(alternatives.reset)
    editor.network_changed.connect(alternatives.network_changed)
    ModelChange(flow, editor, upgrade, engine_start, models, backends)
    flow.finished.connect(lambda response, file: spawn(persistence.get_silently()))

    def may_replace_worker():
        is_empty = flow.current is None and not flow.is_working
        return not batch.is_going and not batch.needs_worker and (is_empty or bool(editor.work))

    def open_again():
        if batch.is_open:
            batch.keep()
        if editor.work:
            queue.submit(worker.list_colours, low_priority=True)  # any request has the photo opened
        elif not batch.is_open:
            engine_start.begin()

    memory = MemoryReturn(worker, queue, may_replace_worker, open_again)
    flow.shown.connect(lambda response, name, reopen: memory.photo_shown())
    batch.rested.connect(memory.batch_over)
    batch.closed.connect(memory.batch_over)
    mark_idle(queue.is_idle)
    queue.idle_changed.connect(mark_idle)
    on(js.window, "offcut:runtime", lambda event: runtime.report())
    remove = api.publish(worker, models, upgrade, presets)
    api.follow(flow, engine_start, runtime)
    api.serve_frame(remove, engine_start)
    on(js.window, "offcut:idle", lambda event: batch.needs_worker and event.preventDefault())

    DragOverlay(editor.wants_dropped_background)
    spawn(load_catalogue(models))
    spawn(load_file_list(runtime))
    intake = Intake(flow.choose, batch, Drawings(DrawingDialog().ask), bringing.open)
    FilePicker(intake, notice)
    read_embedded, read_folders = drop_and_paste.read_embedded, drop_and_paste.read_folders
    drop_and_paste.watch(Arrivals(intake, editor, notice, read_embedded, read_folders))
    launch_files.watch(intake.take)
    samples.watch(intake.take)
    spawn(batch.find())
    requested = launch_files.requested_dialog()
    if requested in dialogs:
        dialogs[requested].open()  # type: ignore[attr-defined] # both are dialogs
    engine_start.begin()


async def run():
    """Start the page, or say why that cannot be."""
    try:
        await start()
        js.offcut.isUp = True
    except Exception as error:  # whatever it is, nothing else could tell a person about it
        log.error("The page could not be started", cause=error)
        js.offcut.fail("EngineStartError", internal_error(error).message)


spawn(run())
