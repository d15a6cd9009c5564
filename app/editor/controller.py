"""The editor's parts, made and connected. What each does is in its own module."""

from core.clock import monotonic
from core.dom import by_id, document, drawn, object_of, on
from core.signals import Signal
from core.tasks import spawn
from export.browser import share
from export.clipboard import Clipboard
from export.copying import Copying
from export.save_panel import SavePanel
from export.saving import Saving
from export.sharing import Sharing
from export.sheet import Sheet
from recipes.choice import RecipeChoice
from recipes.panel import RecipePanel

from editor.activity_line import ActivityLine
from editor.background import Background
from editor.background_panel import BackgroundPanel
from editor.browser import Canvases, ObjectUrls, make_frame_request, make_path, make_timer, to_python, watch_sight
from editor.canvas_view import BoxFrame, CanvasView, Ring, preview_pixels
from editor.controls import Controls
from editor.cursor import BrushCursor
from editor.frames import FrameScheduler
from editor.gestures import Gestures
from editor.guides import Guides
from editor.history import History
from editor.history_panel import HistoryPanel
from editor.keyboard import Keyboard, editor_actions
from editor.keyboard_input import KeyboardInput
from editor.lost_canvases import LostCanvases
from editor.photo_settings import PhotoSettings
from editor.pointer_input import PointerInput
from editor.session import EditingSession
from editor.tool_panels import ToolPanels
from editor.tool_selection import ToolSelection
from editor.tools import BoxTool, BrushTool, ClickTool, MoveTool, PanTool
from editor.view_picker import ViewPicker
from editor.viewer import Viewer
from editor.views import Views
from editor.wheel import Wheel


class EditorController:
    """The editor of one photo."""

    def __init__(self, worker, queue, notice, preferences, library, naming):
        """
        Args:
            worker: the `WorkerClient`.
            queue: the `RequestQueue`.
            notice: the `Notice`.
            preferences: the `Preferences`.
            library: the `Library` of recipes.
            naming: the `Naming` of saved files.
        """
        self.photo_lost = Signal()
        """Emitted when the worker was stopped with the photo in it, and could not open it again."""

        self.edited = Signal()
        """Emitted when a person does something to the photo, undoes it or redoes it."""

        self.work_changed = Signal()
        """Emitted when `work` is another."""

        self.network_changed = Signal()
        """Emitted when `network` may be another."""

        self.stepped = Signal()
        """Emitted when the settings are those of another step, because a person went there."""

        self.look_changed = Signal()
        """Emitted when a control of what is made of the photo, or of its file, may have changed."""

        canvases = Canvases()
        self._queue, self._canvas = queue, canvases.watch(by_id("view"))
        canvas, controls, frames = self._canvas, Controls(), FrameScheduler(make_frame_request)
        self._controls = controls
        self._viewer = viewer = Viewer(canvas.getContext("2d"), frames, canvases.make, make_path, make_timer)
        camera, layers = viewer.camera, viewer.layers
        cursor = BrushCursor(camera, frames)

        self._history = history = History()
        self._background = background = Background(controls, worker, queue)
        self._settings = settings = PhotoSettings(controls, background, worker, queue, layers, history, to_python)
        self._session = session = EditingSession(
            worker, queue, layers, history, settings, notice, preview_pixels, drawn
        )
        self._views = views = Views(viewer, worker, queue, settings)
        self._saving = Saving(
            controls,
            worker,
            queue,
            notice,
            ObjectUrls(),
            make_timer,
            lambda: settings.value()["background"],
            lambda: views.canvas_size,
            naming,
        )

        self._brush, box, mover = BrushTool(viewer), BoxTool(camera), MoveTool(camera)
        region, picker = ClickTool(camera), ClickTool(camera)
        self._selection = selection = ToolSelection(
            controls, background, cursor, self._brush, box, region, picker, mover
        )
        gestures = Gestures(viewer, cursor, PanTool(viewer), selection.current_tool)

        view = CanvasView(canvas, viewer, session)
        self._panels = panels = ToolPanels(selection)
        copying = Copying(self._saving, notice, Clipboard())
        files = {"open": by_id("photo").click, "save": by_id("save").click, "copy": copying.copy}
        actions: dict = {}
        keyboard = Keyboard(viewer, cursor, gestures, selection.current_tool, actions)
        parts = canvas.focus, viewer, gestures, selection, panels, controls, views, session, files
        actions.update(editor_actions(*parts, keyboard.take_back))
        Ring(cursor, frames)
        BoxFrame(box, camera)
        self.guides = Guides(camera, frames, controls)
        PointerInput(view, gestures, Wheel(viewer, monotonic))
        KeyboardInput(keyboard, canvas, preferences, files["open"])
        on(by_id("copy"), "click", lambda event: copying.copy())
        BackgroundPanel(background)
        ViewPicker(views, viewer)
        HistoryPanel(history, session, actions["undo"])
        self._recipe = RecipeChoice(controls, settings, views, library)
        worker.recipe_progressed.connect(self._recipe.note_progress)
        self._recipe_panel = RecipePanel(self._recipe, library, notice)
        sheet = Sheet(controls, worker, queue, self._saving)
        SavePanel(self._saving, Sharing(self._saving, notice, share), sheet, notice)
        ActivityLine(queue, session.cancel)

        lost = LostCanvases(viewer, worker, queue, monotonic)
        canvases.restored.connect(lost.restore)
        watch_sight(lost.hide, lost.show)

        frames.starting.connect(gestures.flush)
        self._brush.finished.connect(self._apply_stroke)
        box.finished.connect(self._apply_box)
        region.clicked.connect(lambda x, y: session.apply(selection.region_operation(x, y)))
        picker.clicked.connect(background.pick)
        mover.started.connect(settings.start_drag)
        mover.dragged.connect(settings.drag)
        for kind in ("specks", "holes"):
            on(by_id(kind), "click", lambda event: session.apply(selection.cleanup_operation(event.currentTarget.id)))
        on(by_id("box-whole"), "click", lambda event: self._apply_visible_box())
        on(by_id("start-over"), "click", lambda event: session.start_over())

        history.expected.connect(self._saving.outdate)
        settings.changed.connect(lambda group, is_moving: self._saving.outdate())
        settings.changed.connect(lambda group, is_moving: self._tell_look(is_moving))
        settings.stepped.connect(self.stepped.emit)
        controls.changed("save").connect(lambda name, is_moving: self._tell_look(is_moving))
        views.composed.connect(self._saving.note_composition)
        session.finished.connect(viewer.finish)
        session.stepping.connect(gestures.cancel)
        session.updated.connect(views.retry)
        session.alpha_changed.connect(views.show_changes)
        session.recovered.connect(viewer.settle_later)
        session.lost.connect(self.photo_lost.emit)
        session.work_changed.connect(self.work_changed.emit)
        history.edited.connect(self.edited.emit)
        history.confirmed.connect(self.network_changed.emit)
        settings.alpha_changed.connect(viewer.request)
        background.picking_changed.connect(lambda: views.show("original" if background.is_picking else "composed"))
        selection.panel_changed.connect(self._on_panel)
        queue.idle_changed.connect(lambda is_idle: is_idle and viewer.settle_later())

    def open(self, response, name, reopen):
        """Edit a photo that the worker has opened or restored. `await reopen()` opens the very same file once more."""
        self._queue.cancel_all()
        self._brush.forget_end()
        self._background.forget_photo_colours()
        self._settings.restore(response)
        self._recipe.take()
        self._viewer.open(response)
        self._views.reset_canvas()
        self._views.retry()
        is_new = self._viewer.layers.is_preview
        self._session.open(response, name, reopen)
        if is_new:  # all of it before the person can do anything that it would then show
            self._views.request_whole_cutout()
        self._saving.open(name, is_new)
        self._views.show_result()
        self.look_changed.emit()
        spawn(self._focus_photo())

    async def _focus_photo(self):
        """The keys are for the photo from now on, unless a person is typing or reads a dialog."""
        await drawn()  # to focus has to wait for the page's layout
        active = document.activeElement
        is_typing = active and active.tagName in ("INPUT", "SELECT", "TEXTAREA") and active.id != "photo"
        if self.is_open and document.hasFocus() and not is_typing and not document.querySelector("dialog[open]"):
            self._canvas.setAttribute("data-quiet", "")  # until a key is pressed
            self._canvas.focus(object_of(preventScroll=True))

    def close(self):
        """Have no photo open any more, and free its memory."""
        self._queue.cancel_all()
        self._viewer.close()
        self._session.close()
        self._saving.open("photo", False)

    @property
    def work(self):
        """The id under which the worker saves what is done to the photo."""
        return self._session.work

    @property
    def name(self):
        """The name of the photo's file."""
        return self._session.name

    def has_work(self):
        """Return whether the person has done anything to the photo."""
        return self._history.has_edits or self._settings.changes_result

    @property
    def has_edits(self):
        """Whether the person has done anything to the photo that is a step of the history."""
        return self._history.has_edits

    @property
    def has_steps(self):
        """Whether the photo has any steps, be they a person's or the finer result."""
        return bool(self._history.names)

    async def settled(self):
        """Wait until the worker has done everything that was requested."""
        await self._queue.wait_idle()

    def wants_dropped_background(self, is_on_tool):
        """Return whether a picture that is dropped becomes the background.

        It does on the tool for it, open or not, and anywhere while that tool waits for a picture.
        """
        is_waiting = self._is_at_background and self._controls.value("background.kind") == "image"
        return document.body.dataset.state == "done" and (is_on_tool or is_waiting)

    def wants_background(self, arrival):
        """Return whether a picture that is dropped or pasted becomes the background."""
        return self.wants_dropped_background(self._is_at_background if arrival.is_paste else arrival.is_on_tool)

    @property
    def _is_at_background(self):
        return self._selection.panel == "background"

    def use_background(self, file, on_success):
        """Put a picture behind the subject, and call `on_success()`. The tool for it is opened."""
        self._panels.show("background")
        self._background.load_image(file, on_success)

    @property
    def is_open(self):
        """Whether there is a photo to edit."""
        return bool(self._session.name)

    def value(self, name):
        """Return the value of a control."""
        return self._controls.value(name)

    def use_preset(self, values):
        """Make of the photo what these values of controls say, as one step."""
        self._settings.use({name: value for name, value in values.items() if not name.startswith("save.")})

    def use_file_type(self, values):
        """Save files as these values of controls say; those of other controls do not count."""
        for name, value in values.items():
            if name.startswith("save."):
                self._controls.put(name, value)

    def use_recipe(self, file):
        """Finish the photo with a recipe from a file; without a photo only keep it."""
        is_open = document.body.dataset.state == "done"
        if is_open:
            self._panels.show("recipe")
        self._recipe_panel.open(file, is_used=is_open)

    def close_tools(self):
        """Close whichever tool is open."""
        self._panels.show(None)

    def use_model(self, model, backend):
        """Have another network cut the photo out: one more step."""
        self._session.use_model(model, backend)

    def apply_upgrade(self, model, on_success, on_error):
        """Have what a finer network found under the steps. Calls `on_success(response)` or `on_error()`."""
        self._session.apply_upgrade(model, on_success, on_error)

    def choose_alternative(self, model, backend, on_success, on_error):
        """Have the result that a person chose under the steps. Calls `on_success()` or `on_error()`."""
        self._session.choose_alternative(model, backend, on_success, on_error)

    @property
    def network(self):
        """The id of the network whose result lies under the steps."""
        return self._history.network

    def _tell_look(self, is_moving):
        if not is_moving:
            self.look_changed.emit()

    def _apply_stroke(self, stroke):
        """A stroke stays on the view until that shows what it did, or the worker refuses it."""
        viewer = self._viewer

        def refused():
            viewer.drop_strokes(stroke)
            viewer.request()

        self._session.apply(
            stroke.operation(), lambda: self._views.once_shown(lambda: viewer.drop_strokes(stroke)), refused
        )

    def _apply_box(self, box):
        self._session.apply({"kind": "box", "box": list(box)})

    def _apply_visible_box(self):
        x, y, width, height = self._viewer.camera.visible_part()
        self._apply_box((x, y, x + width, y + height))

    def _on_panel(self):
        """Show the view in which the open tool's effect is seen."""
        panel, viewer, views = self._selection.panel, self._viewer, self._views
        viewer.show_removed_part(self._selection.is_painting)
        views.is_painting = self._selection.is_painting
        if self._is_at_background and self.is_open:
            self._background.find_photo_colours()
        if panel == "place":
            views.show("composed")
        elif views.is_result or (views.is_painting and views.current == "original"):
            views.show_result()
        viewer.settle_later()
        viewer.request()
