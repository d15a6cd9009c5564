"""The worker: what the page can request, one line each. The work itself is in `offcut`.

`offcut.protocol.requests` has the names and arguments, `offcut.browser.rpc` carries requests and responses.
"""

import asyncio

import js
from polyscript import xworker
from pyodide.ffi import JsException
from pyscript.js_modules import ort

from offcut.browser.backends.wasm import WasmBackend

_wasm: WasmBackend | None = None


def _start_wasm(site: str, touch_points: int) -> WasmBackend:
    """Set onnxruntime up and let it start, which it does in parallel to Python where it has threads of its own."""
    global _wasm
    if _wasm is None:
        _wasm = WasmBackend(ort, site, touch_points)
        _wasm.start()
    return _wasm


# Where the page can be read from here, onnxruntime need not wait for the imports that follow.
if page := xworker.window:
    wasm = _start_wasm(js.URL.new("./", page.document.baseURI).href, page.navigator.maxTouchPoints)
    if wasm.limits.threads > 1:
        # onnxruntime's own worker is started only while this one has nothing to do.
        await asyncio.sleep(0.03)  # type: ignore[top-level-await]

from offcut.browser import late_library
from offcut.browser.batch_api import BatchApi
from offcut.browser.editor_api import EditorApi
from offcut.browser.engine_api import EngineApi
from offcut.browser.network_api import NetworkApi
from offcut.browser.recipe_client import RecipeClient
from offcut.browser.rpc import Exports, RpcServer
from offcut.protocol import requests

server = RpcServer()


def exports(engine: EngineApi, editor: EditorApi, batches: BatchApi, networks: NetworkApi) -> Exports:
    """What the page can request once the engine was started."""
    return {
        requests.INFO: engine.info,
        requests.LOAD_MODEL: engine.load_model,
        requests.REMOVE: engine.remove,
        requests.LIST_REQUESTS: engine.list_requests,
        requests.LIST_MODELS: engine.list_models,
        requests.CACHE_MODEL: engine.cache_model,
        requests.PAUSE_DOWNLOAD: engine.pause_download,
        requests.RESUME_DOWNLOAD: engine.resume_download,
        requests.CANCEL_DOWNLOAD: engine.cancel_download,
        requests.DELETE_MODEL: engine.delete_model,
        requests.READ_NETWORK: networks.read_network,
        requests.TRY_NETWORK: networks.try_network,
        requests.KEEP_NETWORK: networks.keep_network,
        requests.OPEN_PHOTO: editor.open_photo,
        requests.FINISH_PHOTO: editor.finish_photo,
        requests.APPLY_OPERATION: editor.apply_operation,
        requests.UNDO: editor.undo,
        requests.REDO: editor.redo,
        requests.GO_TO_STEP: editor.go_to_step,
        requests.START_OVER: editor.start_over,
        requests.PREVIEW_SETTINGS: editor.preview_settings,
        requests.SET_SETTINGS: editor.set_settings,
        requests.RENDER_CUTOUT: editor.render_cutout,
        requests.RENDER_COMPOSITION: editor.render_composition,
        requests.RENDER_PHOTO: editor.render_photo,
        requests.RENDER_DETAIL: editor.render_detail,
        requests.SET_BACKGROUND_IMAGE: editor.set_background_image,
        requests.PICK_COLOUR: editor.pick_colour,
        requests.LIST_COLOURS: editor.list_colours,
        requests.SPARE_MEMORY: editor.spare_memory,
        requests.SAVE_PICTURE: editor.save_picture,
        requests.SAVE_SHEET: editor.save_sheet,
        requests.FIND_ALTERNATIVE: editor.find_alternative,
        requests.USE_ALTERNATIVE: editor.use_alternative,
        requests.LIST_ALTERNATIVES: editor.list_alternatives,
        requests.READ_PRESETS: editor.read_presets,
        requests.LIST_WORKS: editor.list_works,
        requests.RESTORE_WORK: editor.restore_work,
        requests.DISCARD_WORK: editor.discard_work,
        requests.PROCESS_PHOTO: batches.process_photo,
        requests.RETURN_PHOTO: batches.return_photo,
        requests.KEEP_PHOTO: batches.keep_photo,
        requests.PHOTO_FILE: batches.photo_file,
        requests.RESULT_FILE: batches.result_file,
        requests.DROP_PHOTO: batches.drop_photo,
        requests.WRITE_ZIP: batches.write_zip,
        requests.KEEP_BATCH: batches.keep_batch,
        requests.LIST_BATCHES: batches.list_batches,
        requests.RESTORE_BATCH: batches.restore_batch,
        requests.KEEP_FOLDER: batches.keep_folder,
        requests.KEPT_FOLDER: batches.kept_folder,
        requests.DISCARD_BATCH: batches.discard_batch,
    }


def _late_library(site: str) -> object:
    """Fetch the modules of the standard library that no start imports, while whoever imports one waits."""
    problem = ""
    for _ in range(3):
        request = js.XMLHttpRequest.new()
        request.open("GET", site + "vendor/pyodide/python_late.zip", False)
        request.responseType = "arraybuffer"
        request.timeout = 30_000  # milliseconds
        try:
            request.send()
        except JsException as error:  # the connection broke off
            problem = str(error)
            continue
        if request.status == 200:
            return request.response
        problem = f"status {request.status}"
    raise ImportError(f"The rest of Python's library cannot be fetched: {problem}")


async def start(site: str, touch_points: int) -> None:
    """Make the engine. It is the first request, and everything else is available after it.

    Args:
        site: absolute URL of the folder that index.html lies in.
        touch_points: `navigator.maxTouchPoints`, which a worker cannot see.
    """
    late_library.install(lambda: _late_library(site))
    engine = await EngineApi.create(_start_wasm(site, touch_points), site, server.post)
    recipes = RecipeClient(server.post)
    server.on_recipes = recipes.connect
    editor = EditorApi.create(engine.engine, site, server.post, recipes.run)
    networks = NetworkApi(engine, _start_wasm(site, touch_points), site)
    server.export(exports(engine, editor, BatchApi(engine.engine, editor, site, recipes.run), networks))


server.export({requests.START: start})
server.listen(xworker)
