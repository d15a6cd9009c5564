"""The messages between page and worker, which travel through one `MessagePort`.

The page begins with `CONNECT`, sent to the worker itself together with the port. From then on it sends
`(id, name of the request, arguments)`, and the worker sends tuples that begin with one of the other kinds.
"""

CONNECT = "offcut:connect"
"""`(CONNECT, lock)`: the name of a lock, which the worker holds for as long as it lives (`worker/interpreter.mjs`). On
plain http it is the name of a database that the worker has open."""

ALIVE = "alive"
"""`(ALIVE,)`: the worker holds the lock, so that whoever waits for it learns when the worker has ended."""

ENDED = "ended"
"""`(ENDED, name, message, reason, kind)`: the worker can do nothing more and has to be replaced; as in `ERROR`. What
it was requested is answered no more. The page sends this to itself where the worker ended without a word."""

ANSWER = "answer"
"""`(ANSWER, id, response)`. Bitmaps in the response are transferred, not copied."""

ERROR = "error"
"""`(ERROR, id, name, message, details, reason, kind)`; `details` is a traceback where the error was not foreseen, else
empty. `reason` and `kind` are those of `offcut.errors.OffcutError`."""

PROGRESS = "progress"
"""`(PROGRESS, id, stage, done, total)`, any number of times before the response."""

BLOCKED = "blocked"
"""`(BLOCKED, directive, address)`: the content security policy has blocked what the worker tried to reach."""

WORK = "work"
"""`(WORK, key, name)`: something that a person should know about the work that is saved (`offcut.editing.works`)."""

RECIPES = "recipes"
"""`(RECIPES, is_needed)`: whether the worker of recipes is to be started, or to be ended. The page answers the first
with `CONNECT_RECIPES`."""

RECIPE_PROGRESS = "recipe-progress"
"""`(RECIPE_PROGRESS, share)`: how much of its work the running recipe has done, 0 to 1, as it says itself."""

CONNECT_RECIPES = "offcut:recipes"
"""`(CONNECT_RECIPES, limit)`, sent by the page to the worker itself together with a port to the worker of recipes; the
limit is the seconds that a recipe may take for one picture."""

INTERNAL_ERROR = "InternalError"
"""Name of an error that was not foreseen."""
