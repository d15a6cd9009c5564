"""The requests that the page sends to the worker.

`WorkerClient` (app/core/worker_client.py) has one method for each, `worker/main.py` one entry in its table of exports.
"""


class Request:
    """One request: its name, the names of its arguments in their order, and whether the worker reports its progress."""

    def __init__(self, name: str, arguments: tuple[str, ...] = (), reports_progress: bool = False) -> None:
        self.name = name
        self.arguments = arguments
        self.reports_progress = reports_progress


# The engine
START = Request("start", ("site", "touch_points"))
LOAD_MODEL = Request("load_model", ("model", "backend"), reports_progress=True)
REMOVE = Request("remove", ("file", "options"), reports_progress=True)
INFO = Request("info")
LIST_REQUESTS = Request("list_requests")

# Models on this device
LIST_MODELS = Request("list_models")
CACHE_MODEL = Request("cache_model", ("model",), reports_progress=True)
PAUSE_DOWNLOAD = Request("pause_download", ("model",))
RESUME_DOWNLOAD = Request("resume_download", ("model",))
CANCEL_DOWNLOAD = Request("cancel_download", ("model",))
DELETE_MODEL = Request("delete_model", ("model",))

# Networks of a person's own
READ_NETWORK = Request("read_network", ("source",))
TRY_NETWORK = Request("try_network", ("source", "description", "photo"), reports_progress=True)
KEEP_NETWORK = Request("keep_network", ("source", "description"), reports_progress=True)

# The open photo
OPEN_PHOTO = Request("open_photo", ("file", "options", "max_pixels"), reports_progress=True)
FINISH_PHOTO = Request("finish_photo")
APPLY_OPERATION = Request("apply_operation", ("operation",), reports_progress=True)
UNDO = Request("undo")
REDO = Request("redo")
GO_TO_STEP = Request("go_to_step", ("position",))
START_OVER = Request("start_over", reports_progress=True)
PREVIEW_SETTINGS = Request("preview_settings", ("settings",))
SET_SETTINGS = Request("set_settings", ("settings",))
RENDER_CUTOUT = Request("render_cutout", ("is_detail",))
RENDER_COMPOSITION = Request("render_composition", ("max_side",))
RENDER_PHOTO = Request("render_photo")
RENDER_DETAIL = Request("render_detail", ("x", "y", "width", "height", "scale"))
SET_BACKGROUND_IMAGE = Request("set_background_image", ("file",))
PICK_COLOUR = Request("pick_colour", ("x", "y"))
LIST_COLOURS = Request("list_colours")
SPARE_MEMORY = Request("spare_memory")
SAVE_PICTURE = Request("save_picture", ("options",), reports_progress=True)
SAVE_SHEET = Request("save_sheet", ("paper", "kind"), reports_progress=True)
FIND_ALTERNATIVE = Request("find_alternative", ("model", "backend"), reports_progress=True)
USE_ALTERNATIVE = Request("use_alternative", ("model", "is_upgrade"), reports_progress=True)
LIST_ALTERNATIVES = Request("list_alternatives", ("side",))

# Presets
READ_PRESETS = Request("read_presets", ("text",))

# Work that this device has saved
LIST_WORKS = Request("list_works", ("first",))
RESTORE_WORK = Request("restore_work", ("id", "max_pixels"), reports_progress=True)
DISCARD_WORK = Request("discard_work", ("id",))

# Batches of photos, which this device keeps until they are closed
PROCESS_PHOTO = Request("process_photo", ("batch", "photo", "file", "name", "look", "options"), reports_progress=True)
RETURN_PHOTO = Request("return_photo", ("batch", "photo", "options"), reports_progress=True)
KEEP_PHOTO = Request("keep_photo", ("batch", "photo", "file"))
PHOTO_FILE = Request("photo_file", ("batch", "photo"))
RESULT_FILE = Request("result_file", ("batch", "photo"))
DROP_PHOTO = Request("drop_photo", ("batch", "photo"))
WRITE_ZIP = Request("write_zip", ("batch", "names"), reports_progress=True)
KEEP_BATCH = Request("keep_batch", ("batch", "state"))
LIST_BATCHES = Request("list_batches")
RESTORE_BATCH = Request("restore_batch", ("batch",))
KEEP_FOLDER = Request("keep_folder", ("batch", "folder"))
KEPT_FOLDER = Request("kept_folder", ("batch",))
DISCARD_BATCH = Request("discard_batch", ("batch",))
