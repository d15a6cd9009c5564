"""The page and the worker know the same requests, steps, settings and caches."""

import ast
import json
import re

import pytest
from core.worker_client import DIED, WorkerClient

from offcut.editing import settings as engine_settings
from offcut.editing.operations import KINDS
from offcut.protocol import caches, messages, requests, settings, steps
from offcut.protocol.requests import Request
from tests.unit.offcut.samples import ROOT

REQUESTS = {name: value for name, value in vars(requests).items() if isinstance(value, Request)}
BROWSER = ROOT / "worker" / "offcut" / "browser"
SOURCES = {
    "engine": BROWSER / "engine_api.py",
    "editor": BROWSER / "editor_api.py",
    "batches": BROWSER / "batch_api.py",
    "networks": BROWSER / "network_api.py",
}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


OWN_METHODS = ("start", "wait_idle")
"""Coroutines of the client that ask nothing of the worker."""


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[str, ...]:
    return tuple(argument.arg for argument in function.args.args if argument.arg != "self")


def exported() -> dict[str, tuple[str, ...]]:
    """The parameters of the function that `worker/main.py` has in its tables for each constant of `requests`.

    By their source: the worker's modules need a browser to be imported.
    """
    main = ast.parse((ROOT / "worker" / "main.py").read_text("utf-8"))
    defined = {"main": {node.name: parameters(node) for node in ast.walk(main) if isinstance(node, FUNCTIONS)}}
    for name, path in SOURCES.items():
        tree = ast.parse(path.read_text("utf-8"))
        defined[name] = {node.name: parameters(node) for node in ast.walk(tree) if isinstance(node, FUNCTIONS)}
    found = {}
    for table in (node for node in ast.walk(main) if isinstance(node, ast.Dict)):
        for key, value in zip(table.keys, table.values, strict=True):
            assert isinstance(key, ast.Attribute) and isinstance(key.value, ast.Name) and key.value.id == "requests"
            assert key.attr not in found, f"{key.attr} is exported twice"
            owner, name = (value.value.id, value.attr) if isinstance(value, ast.Attribute) else ("main", value.id)
            found[key.attr] = defined[owner][name]
    return found


def test_the_worker_exports_every_request_with_its_arguments():
    expected = {
        name: request.arguments + (("progress",) if request.reports_progress else ())
        for name, request in REQUESTS.items()
    }
    assert exported() == expected


def test_the_page_has_a_method_for_every_request_with_its_arguments():
    tree = ast.parse((ROOT / "app" / "core" / "worker_client.py").read_text("utf-8"))
    client = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "WorkerClient")
    methods = {
        node.name: parameters(node)
        for node in client.body
        if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_") and node.name not in OWN_METHODS
    }
    expected = {request.name: (*request.arguments, "on_progress") for request in REQUESTS.values()}
    del expected["start"]  # the client sends it by itself
    assert methods == expected


@pytest.mark.parametrize("constant", sorted(REQUESTS))
def test_a_request_is_named_like_its_constant_and_sent_by_the_method_of_that_name(constant):
    assert REQUESTS[constant].name == constant.lower()
    assert hasattr(WorkerClient, constant.lower())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_operation_leaves_a_step_that_every_language_names(kind):
    modes = {"stroke": ("restore", "erase"), "region": ("keep", "remove"), "point": ("keep", "remove")}
    names = {steps.step_name({"kind": kind, "mode": mode}) for mode in modes.get(kind, ("",))}
    assert (kind in steps.NAMED_BY_MODE) == (kind in modes)
    for tag in ("en", "zh"):  # others may be shown in English
        language = ROOT / "app" / "languages" / f"{tag}.json"
        assert names <= set(json.loads(language.read_text("utf-8"))), language.name


def test_the_defaults_are_what_the_engine_takes_where_nothing_is_given():
    plain = engine_settings.Settings.read({}).plain()
    assert plain["edges"] == settings.EDGES and plain["placement"] == settings.PLACEMENT
    assert plain["background"]["kind"] == settings.BACKGROUND_KIND and plain["background"]["fit"] == settings.FITS[0]
    assert set(settings.GROUPS) == set(plain)


@pytest.mark.parametrize("kind", settings.BACKGROUNDS)
def test_the_engine_knows_every_field_that_a_background_may_have(kind):
    values = {"from": "#000", "to": "#fff", "colour": "#123", "fit": "contain", "texture": "silk", "depth": True}
    given = {name: values.get(name, 0.5) for name in settings.BACKGROUNDS[kind]} | {"kind": kind}
    read = engine_settings.Settings.read({"background": given}).plain()["background"]
    assert {name: read[name] for name in given} == given


def test_the_engine_knows_every_field_of_the_shadows():
    shadow = {
        "drop": dict.fromkeys(settings.DROP_SHADOW, 0.5),
        "contact": dict.fromkeys(settings.CONTACT_SHADOW, 0.5),
    }
    assert engine_settings.Settings.read({"shadow": shadow}).plain()["shadow"] == shadow


def test_the_service_worker_has_the_same_names_of_caches():
    source = (ROOT / "sw.js").read_text("utf-8")
    constants = dict(re.findall(r"^const (\w+) = [\"`](.*)[\"`];", source, re.MULTILINE))
    names = {name: value.replace("${PREFIX}", constants["PREFIX"]) for name, value in constants.items()}
    assert names["PREFIX"] == caches.PREFIX
    begun = {name.split("${")[0] for name in names.values() if name.startswith(caches.PREFIX)}
    assert begun == {caches.PREFIX, caches.APP_PREFIX, caches.RUNTIME_PREFIX, caches.MODELS, caches.SHARED}


def test_the_first_script_of_the_page_stores_under_the_prefix_too():
    source = (ROOT / "app" / "boot.js").read_text("utf-8")
    assert re.search(r'^ *const RELOADED = "([^"]*)"', source, re.MULTILINE).group(1).startswith(caches.PREFIX)


def test_everything_stored_begins_with_the_prefix():
    names = [value for name, value in vars(caches).items() if name.isupper()]
    assert len(set(names)) == len(names) and all(name.startswith(caches.PREFIX) for name in names)


def test_the_interpreter_knows_the_messages_that_it_sends_itself():
    source = (ROOT / "worker" / "interpreter.mjs").read_text("utf-8")
    for kind in (messages.CONNECT, messages.ALIVE, messages.ENDED, DIED):
        assert f'"{kind}"' in source
