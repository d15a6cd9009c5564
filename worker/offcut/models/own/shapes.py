"""The size of everything that a network computes, before anything runs it: memory and multiplications.

Shapes are followed from the input through the layers, and so are the small whole numbers that later shapes are computed
from. A layer whose result cannot be followed counts as large as the largest so far, unless it could make anything of
any size: then there is no bound, and `UnboundedError`.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from offcut.models.own.onnx_file import BYTES, KNOWN_VALUES, TYPES, Graph, Layer, Tensor

MAX_ELEMENTS = 1 << 31
"""Of one tensor: more do not fit into WebAssembly's memory."""

_FLOAT = 4

Shape = tuple[int, ...]


def names(text: str) -> frozenset[str]:
    """Return the operators in a text."""
    return frozenset(text.split())


class ImpossibleError(ValueError):
    """The layers do not fit together, or one is too large."""


class UnboundedError(ValueError):
    """How large a layer becomes shows only when it runs."""


@dataclass(frozen=True)
class Effort:
    """What a network takes for one photo."""

    activation_bytes: int
    """The most that the values between layers take at one time."""

    weight_bytes: int

    multiplications: int
    """Multiplications and additions of convolutions and matrix products."""

    outputs: dict[str, Shape | None]
    """Shapes of the network's outputs; None for one that could not be followed."""


def measure(graph: Graph, shapes: dict[str, Shape]) -> Effort:
    """Follow the shapes through a network.

    Args:
        graph: the network.
        shapes: of its inputs.

    Raises:
        ImpossibleError, UnboundedError
    """
    follower = _Follower(graph, shapes)
    try:
        follower.run()
    except ImpossibleError:
        raise
    except (ArithmeticError, AttributeError, IndexError, KeyError, MemoryError, TypeError, ValueError) as error:
        if isinstance(error, UnboundedError):
            raise
        raise ImpossibleError(f"a layer makes no sense ({error})") from error
    outputs = {port.name: follower.shapes.get(port.name) for port in graph.outputs}
    # Half precision becomes single precision on a CPU.
    weights = sum(math.prod(w.shape) * max(BYTES[w.type], 4 * (w.type == "float16")) for w in graph.weights.values())
    return Effort(follower.peak, weights, follower.multiplications, outputs)


class _Follower:
    """Walks through the layers in their order."""

    def __init__(self, graph: Graph, shapes: dict[str, Shape]) -> None:
        self._graph = graph
        self.shapes: dict[str, Shape | None] = dict(shapes)
        self._values: dict[str, np.ndarray] = {}
        self._weights = set(graph.weights)
        for name, tensor in graph.weights.items():
            self._know(name, tensor)
        self._largest = max((math.prod(shape) for shape in shapes.values()), default=1)
        self._left = Counter(name for layer in graph.layers for name in layer.inputs)
        self._left.update(port.name for port in graph.outputs)
        self._alive: dict[str, int] = {name: math.prod(shape) * _FLOAT for name, shape in shapes.items()}
        self._live = sum(self._alive.values())
        self.peak, self.multiplications = self._live, 0

    def run(self) -> None:
        for layer in _in_order(self._graph.layers, {*self.shapes, ""}):
            self._follow(layer)

    def _know(self, name: str, tensor: Tensor) -> None:
        self.shapes[name] = tensor.shape
        if tensor.values is not None:
            self._values[name] = tensor.values

    def _follow(self, layer: Layer) -> None:
        shapes = [self.shapes.get(name) for name in layer.inputs]
        call = _Call(layer, shapes, [self._values.get(name) for name in layer.inputs])
        found = _value_of(call)
        made: Sequence[Shape | None]
        if found is not None:
            self._values[layer.outputs[0]] = found
            made = [found.shape]
        else:
            made = _shapes_of(call)
        self.multiplications += _multiplications(call, made)
        for at, name in enumerate(layer.outputs):
            if name:
                self._add(name, made[at] if at < len(made) else None)
        self.peak = max(self.peak, self._live)
        for name in layer.inputs:
            self._left[name] -= 1
            if not self._left[name] and name in self._alive:
                self._live -= self._alive.pop(name)

    def _add(self, name: str, shape: Shape | None) -> None:
        if name in self._weights or name in self._alive:
            raise ImpossibleError(f"{name!r} is made twice")
        if shape is not None and any(side < 0 for side in shape):
            raise ImpossibleError("a layer has a negative size")
        self.shapes[name] = shape
        count = self._largest if shape is None else math.prod(shape)
        if count > MAX_ELEMENTS:
            raise ImpossibleError("a layer is too large for any device")
        self._largest = max(self._largest, count)
        if self._left[name]:
            self._alive[name] = count * _FLOAT
            self._live += count * _FLOAT


def _in_order(layers: Sequence[Layer], known: set[str]) -> list[Layer]:
    """Return layers so that each comes after those whose results it takes; a file may have them in any order.

    Args:
        layers: of one graph.
        known: names of what no layer makes.

    Raises:
        ImpossibleError: there is a circle, or one takes what nothing makes.
    """
    waiting: dict[str, list[int]] = {}
    missing = []
    ready: deque[int] = deque()
    for at, layer in enumerate(layers):
        needed = {name for name in layer.inputs if name not in known}
        missing.append(len(needed))
        for name in needed:
            waiting.setdefault(name, []).append(at)
        if not needed:
            ready.append(at)
    found = []
    while ready:
        layer = layers[ready.popleft()]
        found.append(layer)
        for name in layer.outputs:
            for at in waiting.pop(name, ()):
                missing[at] -= 1
                if not missing[at]:
                    ready.append(at)
    if len(found) < len(layers):
        raise ImpossibleError("a layer takes what nothing makes")
    return found


class _Call:
    """A layer with what is known of its inputs."""

    def __init__(self, layer: Layer, shapes: list[Shape | None], values: list[np.ndarray | None]) -> None:
        self.layer, self.kind = layer, layer.kind
        self.shapes, self.values = shapes, values

    def attribute(self, name: str, default: Any = None) -> Any:
        found = self.layer.attributes.get(name)
        return default if found is None else found

    def shape(self, at: int = 0) -> Shape:
        """Return the shape of an input. Raises _Unknown."""
        found = self.shapes[at] if at < len(self.shapes) else None
        if found is None:
            raise _Unknown
        return found

    def value(self, at: int) -> np.ndarray | None:
        """Return the value of an input, None where it is left out. Raises _Unknown where it shows only in a run."""
        if at >= len(self.layer.inputs) or not self.layer.inputs[at]:
            return None
        found = self.values[at]
        if found is None:
            raise _Unknown
        return found

    def needed(self, at: int) -> np.ndarray:
        """Return the value of an input that may not be left out. Raises _Unknown."""
        found = self.value(at)
        if found is None:
            raise ImpossibleError("a layer lacks an input")
        return found

    def needed_setting(self, name: str, at: int) -> list[int]:
        """Return a `setting` that may not be left out."""
        found = self.setting(name, at)
        if found is None:
            raise ImpossibleError("a layer lacks a setting")
        return found

    def setting(self, name: str, at: int) -> list[int] | None:
        """Return whole numbers that older operators have as an attribute and newer ones as an input."""
        given = self.attribute(name)
        found = self.value(at) if given is None else np.array(given)
        return None if found is None else [int(each) for each in np.ravel(found)]


class _Unknown(Exception):
    """It shows only when the network runs."""


# Values


def _value_of(call: _Call) -> np.ndarray | None:
    """Return what a layer makes, where that is a few numbers that follow from shapes and constants alone."""
    compute = _VALUES.get(call.kind)
    if compute is None:
        return None
    try:
        with np.errstate(all="ignore"):
            found = compute(call)
    except _Unknown:
        return None
    return found if found is not None and found.size <= KNOWN_VALUES else None


def _inputs(call: _Call) -> list[np.ndarray]:
    found = [call.value(at) for at in range(len(call.layer.inputs))]
    return [each for each in found if each is not None]


def _of_all(function: Callable[..., Any]) -> Callable[[_Call], np.ndarray]:
    return lambda call: np.asarray(function(*_inputs(call)))


def _constant(call: _Call) -> np.ndarray:
    attributes = call.layer.attributes
    if isinstance(tensor := attributes.get("value"), Tensor):
        if tensor.values is None:
            raise _Unknown
        return tensor.values
    kinds = {"value_int": np.int64, "value_ints": np.int64, "value_float": np.float32, "value_floats": np.float32}
    for name, kind in kinds.items():
        if attributes.get(name) is not None:
            return np.array(attributes[name], kind)
    raise _Unknown


def _shape_value(call: _Call) -> np.ndarray:
    return np.array(call.shape()[call.attribute("start", 0) : call.attribute("end")], np.int64)


def _constant_of_shape(call: _Call) -> np.ndarray | None:
    sides = call.setting("", 0) or []
    if math.prod(sides) > KNOWN_VALUES or any(side < 0 for side in sides):
        return None
    fill = call.attribute("value")
    return np.full(sides, fill.values.ravel()[0] if isinstance(fill, Tensor) and fill.values is not None else 0.0)


def _range(call: _Call) -> np.ndarray | None:
    start, stop, step = (each.item() for each in _inputs(call))
    return np.arange(start, stop, step) if abs(stop - start) <= KNOWN_VALUES * abs(step) else None


def _cast(call: _Call) -> np.ndarray:
    (value,) = _inputs(call)
    to = TYPES.get(call.attribute("to", 0), "bfloat16")
    if to == "bfloat16":
        raise _Unknown
    return value.astype(to)


def _gather(call: _Call) -> np.ndarray:
    data, at = _inputs(call)
    return np.take(data, at.astype(np.int64), axis=call.attribute("axis", 0))


def _slice_value(call: _Call) -> np.ndarray:
    data = call.needed(0)
    return data[_slices(call, data.shape)]


def _slices(call: _Call, shape: Shape) -> tuple[slice, ...]:
    starts, ends = call.needed_setting("starts", 1), call.needed_setting("ends", 2)
    axes, steps = call.setting("axes", 3), call.setting("steps", 4)
    chosen = [slice(None)] * len(shape)
    for at, axis in enumerate(axes or range(len(starts))):
        step, end = (steps[at] if steps else 1), ends[at]
        # From the end on, backwards: the far end stands for "before the first".
        chosen[axis] = slice(starts[at], None if step < 0 and end < -shape[axis] else end, step)
    return tuple(chosen)


def _concat_value(call: _Call) -> np.ndarray:
    return np.concatenate([np.atleast_1d(each) for each in _inputs(call)], axis=call.attribute("axis", 0))


def _unsqueezed(call: _Call) -> np.ndarray:
    data = call.needed(0)
    return np.reshape(data, _unsqueeze(call, data.shape))


def _squeezed(call: _Call) -> np.ndarray:
    data = call.needed(0)
    return np.reshape(data, _squeeze(call, data.shape))


def _reshaped(call: _Call) -> np.ndarray:
    data = call.needed(0)
    return np.reshape(data, _reshape(call, data.shape))


def _expanded(call: _Call) -> np.ndarray | None:
    data, to = _inputs(call)
    sides = np.broadcast_shapes(data.shape, tuple(int(side) for side in to))
    return np.broadcast_to(data, sides) if math.prod(sides) <= KNOWN_VALUES else None


def _transposed(call: _Call) -> np.ndarray:
    data = call.needed(0)
    return np.transpose(data, call.attribute("perm"))


def _divided(call: _Call) -> np.ndarray:
    left, right = _inputs(call)
    if left.dtype.kind == "f":
        return np.asarray(left / right)
    if not np.all(right):
        raise ImpossibleError("a layer divides by zero")
    return np.asarray(np.trunc(left / right).astype(left.dtype))


def _multiplied(call: _Call) -> np.ndarray:
    data = call.needed(0)
    axes = call.setting("axes", 1)
    return np.asarray(np.prod(data, axis=tuple(axes) if axes else None, keepdims=bool(call.attribute("keepdims", 1))))


_VALUES: dict[str, Callable[[_Call], np.ndarray | None]] = {
    "Constant": _constant,
    "Shape": _shape_value,
    "Size": lambda call: np.array(math.prod(call.shape()), np.int64),
    "ConstantOfShape": _constant_of_shape,
    "Range": _range,
    "Cast": _cast,
    "Gather": _gather,
    "Slice": _slice_value,
    "Concat": _concat_value,
    "Unsqueeze": _unsqueezed,
    "Squeeze": _squeezed,
    "Reshape": _reshaped,
    "Expand": _expanded,
    "Transpose": _transposed,
    "Identity": _of_all(lambda value: value),
    "Add": _of_all(np.add),
    "Sub": _of_all(np.subtract),
    "Mul": _of_all(np.multiply),
    "Div": _divided,
    "Mod": _of_all(np.mod),
    "Neg": _of_all(np.negative),
    "Abs": _of_all(np.abs),
    "Floor": _of_all(np.floor),
    "Ceil": _of_all(np.ceil),
    "Round": _of_all(np.round),
    "Sqrt": _of_all(np.sqrt),
    "Equal": _of_all(np.equal),
    "Greater": _of_all(np.greater),
    "GreaterOrEqual": _of_all(np.greater_equal),
    "Less": _of_all(np.less),
    "LessOrEqual": _of_all(np.less_equal),
    "Not": _of_all(np.logical_not),
    "And": _of_all(np.logical_and),
    "Or": _of_all(np.logical_or),
    "Where": _of_all(np.where),
    "Min": _of_all(lambda *values: np.minimum.reduce(np.broadcast_arrays(*values))),
    "Max": _of_all(lambda *values: np.maximum.reduce(np.broadcast_arrays(*values))),
    "ReduceProd": _multiplied,
}


# Shapes


def _shapes_of(call: _Call) -> Sequence[Shape | None]:
    """Return the shapes of what a layer makes. Raises UnboundedError where it could be anything."""
    if call.layer.graphs:
        raise UnboundedError(f"what {call.kind} makes")
    follow = _SHAPES.get(call.kind)
    if follow is None and call.kind in SAME:
        follow = _same
    if follow is None:
        return [None] * len(call.layer.outputs)
    try:
        found = follow(call)
    except _Unknown:
        if call.kind in _GROWING:
            raise UnboundedError(f"what {call.kind} makes") from None
        return [None] * len(call.layer.outputs)
    return found if isinstance(found, list) else [found]


_GROWING = {"ConstantOfShape", "Expand", "Pad", "Range", "Resize", "Tile", "Upsample", "ConvTranspose", "GridSample"}
"""What may make much of little."""

SAME = names(
    "Abs Acos Asin Atan BatchNormalization Cast CastLike Ceil Celu Clip Cos Cosh CumSum DequantizeLinear Dropout "
    "DynamicQuantizeLinear Elu Erf Exp Floor Gelu GroupNormalization HardSigmoid HardSwish Hardmax Identity "
    "InstanceNormalization IsInf IsNaN LRN LayerNormalization LeakyRelu Log LogSoftmax LpNormalization "
    "MeanVarianceNormalization Mish Neg Not QuantizeLinear RMSNormalization Reciprocal Relu Round Selu Shrink Sigmoid "
    "Sign Sin Sinh Softmax Softplus Softsign Sqrt Swish Tan Tanh ThresholdedRelu Trilu ScatterElements ScatterND "
    "com.microsoft:BiasGelu com.microsoft:FastGelu com.microsoft:Gelu com.microsoft:QuickGelu"
)
"""Operators whose result has the shape of their first input."""


def _same(call: _Call) -> Shape:
    return call.shape()


def _broadcast(call: _Call) -> Shape:
    return tuple(np.broadcast_shapes(*(call.shape(at) for at in range(len(call.shapes)))))


def _conv(call: _Call) -> Shape:
    weights = call.shape(3 if call.kind == "QLinearConv" else 1)
    return (call.shape()[0], weights[0], *_windows(call, weights[2:]))


def _pool(call: _Call) -> list[Shape]:
    found = (*call.shape()[:2], *_windows(call, call.attribute("kernel_shape", ())))
    return [found] * len(call.layer.outputs)


def _windows(call: _Call, kernel: Sequence[int]) -> list[int]:
    """Return how often a window fits along each side."""
    sides, count = call.shape()[2:], len(call.shape()) - 2
    strides, dilations = call.attribute("strides", (1,) * count), call.attribute("dilations", (1,) * count)
    pads, auto = call.attribute("pads", (0,) * 2 * count), call.attribute("auto_pad", "NOTSET")
    found = []
    for at in range(count):
        stride, window = strides[at], (kernel[at] - 1) * dilations[at] + 1
        if stride < 1 or window < 1 or max(abs(each) for each in (*pads, stride)) > 1 << 16:
            raise ImpossibleError("a window makes no sense")
        if auto.startswith("SAME"):
            found.append(-(-sides[at] // stride))
            continue
        inner = sides[at] - window + (0 if auto == "VALID" else pads[at] + pads[at + count])
        found.append((-(-inner // stride) if call.attribute("ceil_mode", 0) else inner // stride) + 1)
    return found


def _conv_transpose(call: _Call) -> Shape:
    given, weights = call.shape(), call.shape(1)
    count = len(given) - 2
    strides, dilations = call.attribute("strides", (1,) * count), call.attribute("dilations", (1,) * count)
    pads, more = call.attribute("pads", (0,) * 2 * count), call.attribute("output_padding", (0,) * count)
    sides = call.attribute("output_shape") or [
        strides[at] * (given[at + 2] - 1) + more[at] + (weights[at + 2] - 1) * dilations[at] + 1
        - (pads[at] + pads[at + count] if call.attribute("auto_pad", "NOTSET") == "NOTSET" else 0)
        for at in range(count)
    ]  # fmt: skip
    return (given[0], weights[1] * call.attribute("group", 1), *sides[-count:])


def _global_pool(call: _Call) -> Shape:
    return (*call.shape()[:2], *(1 for _ in call.shape()[2:]))


def _matmul(call: _Call) -> Shape:
    left, right = call.shape(), call.shape(3 if call.kind == "QLinearMatMul" else 1)
    if len(left) < 2 or len(right) < 2:
        raise _Unknown
    if left[-1] != right[-2]:
        raise ImpossibleError("a matrix product does not fit")
    return (*np.broadcast_shapes(left[:-2], right[:-2]), left[-2], right[-1])


def _gemm(call: _Call) -> Shape:
    left, right = call.shape(), call.shape(1)
    return left[1 if call.attribute("transA", 0) else 0], right[0 if call.attribute("transB", 0) else 1]


def _reduced(call: _Call) -> Shape:
    shape = call.shape()
    axes = call.setting("axes", 1)
    if call.kind.startswith("Arg"):
        axes = [call.attribute("axis", 0)]
    if not axes:
        axes = [] if axes == [] and call.attribute("noop_with_empty_axes", 0) else list(range(len(shape)))
    gone = {axis % len(shape) for axis in axes} if shape else set()
    if call.attribute("keepdims", 1):
        return tuple(1 if at in gone else side for at, side in enumerate(shape))
    return tuple(side for at, side in enumerate(shape) if at not in gone)


def _concat(call: _Call) -> Shape:
    shapes = [call.shape(at) for at in range(len(call.shapes))]
    axis = call.attribute("axis", 1) % len(shapes[0])
    return tuple(sum(s[at] for s in shapes) if at == axis else side for at, side in enumerate(shapes[0]))


def _split(call: _Call) -> list[Shape | None]:
    shape, count = call.shape(), len(call.layer.outputs)
    axis = call.attribute("axis", 0) % len(shape)
    parts = call.setting("split", 1)
    if parts is None:
        size = -(-shape[axis] // count)
        parts = [min(size, shape[axis] - size * at) for at in range(count)]
    return [(*shape[:axis], part, *shape[axis + 1 :]) for part in parts]


def _slice(call: _Call) -> Shape:
    shape = call.shape()
    return tuple(len(range(*chosen.indices(side))) for chosen, side in zip(_slices(call, shape), shape, strict=True))


def _gathered(call: _Call) -> Shape:
    shape, at = call.shape(), call.shape(1)
    axis = call.attribute("axis", 0) % len(shape)
    return (*shape[:axis], *at, *shape[axis + 1 :])


def _gathered_nd(call: _Call) -> Shape:
    shape, at, batch = call.shape(), call.shape(1), call.attribute("batch_dims", 0)
    return (*at[:-1], *shape[batch + at[-1] :])


def _transpose(call: _Call) -> Shape:
    shape = call.shape()
    return tuple(shape[at] for at in call.attribute("perm", range(len(shape))[::-1]))


def _reshape_layer(call: _Call) -> Shape:
    return _reshape(call, call.shape())


def _reshape(call: _Call, shape: Shape) -> Shape:
    given = call.setting("shape", 1)
    if given is None:
        raise _Unknown
    copies = not call.attribute("allowzero", 0)
    sides = [shape[at] if side == 0 and copies else side for at, side in enumerate(given)]
    whole, rest = math.prod(shape), math.prod(side for side in sides if side != -1)
    if sides.count(-1) > 1 or (-1 in sides and (not rest or whole % rest)) or (-1 not in sides and whole != rest):
        raise ImpossibleError(f"{shape} does not become {tuple(given)}")
    return tuple(whole // rest if side == -1 else side for side in sides)


def _flatten(call: _Call) -> Shape:
    shape, axis = call.shape(), call.attribute("axis", 1)
    return math.prod(shape[:axis]), math.prod(shape[axis:])


def _squeeze_layer(call: _Call) -> Shape:
    return _squeeze(call, call.shape())


def _squeeze(call: _Call, shape: Shape) -> Shape:
    axes = call.setting("axes", 1)
    gone = {at for at, side in enumerate(shape) if side == 1} if axes is None else {axis % len(shape) for axis in axes}
    return tuple(side for at, side in enumerate(shape) if at not in gone)


def _unsqueeze_layer(call: _Call) -> Shape:
    return _unsqueeze(call, call.shape())


def _unsqueeze(call: _Call, shape: Shape) -> Shape:
    axes = call.setting("axes", 1) or []
    count = len(shape) + len(axes)
    new, rest = {axis % count for axis in axes}, iter(shape)
    return tuple(1 if at in new else next(rest) for at in range(count))


def _expand(call: _Call) -> Shape:
    to = call.needed_setting("", 1)
    return tuple(np.broadcast_shapes(call.shape(), tuple(to)))


def _tile(call: _Call) -> Shape:
    times = call.needed_setting("", 1)
    return tuple(side * each for side, each in zip(call.shape(), times, strict=True))


def _pad(call: _Call) -> Shape:
    shape, pads, axes = call.shape(), call.needed_setting("pads", 1), call.setting("", 3)
    found = list(shape)
    for at, axis in enumerate(axes or range(len(shape))):
        found[axis] += pads[at] + pads[at + len(pads) // 2]
    return tuple(found)


def _resize(call: _Call) -> Shape:
    shape = call.shape()
    if call.kind == "Upsample":
        scales, sizes, axes = call.attribute("scales"), None, None
        scales = call.value(1) if scales is None else scales
    else:
        older = len(call.layer.inputs) == 2  # of version 10
        sizes, scales, axes = call.value(3), call.value(1 if older else 2), call.attribute("axes")
        scales = None if scales is not None and not np.size(scales) else scales
    given = scales if sizes is None else sizes
    if given is None:
        raise _Unknown
    found = list(shape)
    for at, axis in enumerate(axes or range(len(shape))):
        found[axis] = int(given[at]) if sizes is not None else math.floor(shape[axis] * float(given[at]))
    return tuple(found)


def _depth_to_space(call: _Call) -> Shape:
    count, channels, height, width = call.shape()
    block = call.attribute("blocksize", 1)
    if call.kind == "DepthToSpace":
        return count, channels // block**2, height * block, width * block
    return count, channels * block**2, height // block, width // block


def _filled(call: _Call) -> Shape:
    sides = call.setting("", 0)
    return tuple(sides or ())


def _range_shape(call: _Call) -> Shape:
    start, stop, step = (each.item() for each in _inputs(call))
    return (max(0, math.ceil((stop - start) / step)),)


def _grid_sample(call: _Call) -> Shape:
    return (*call.shape()[:2], *call.shape(1)[1:-1])


_SHAPES: dict[str, Callable[[_Call], Shape | list[Shape] | list[Shape | None]]] = {
    **dict.fromkeys(names("Conv ConvInteger DeformConv QLinearConv com.microsoft:FusedConv"), _conv),
    **dict.fromkeys(names("AveragePool LpPool MaxPool"), _pool),
    **dict.fromkeys(names("GlobalAveragePool GlobalLpPool GlobalMaxPool"), _global_pool),
    **dict.fromkeys(names("MatMul MatMulInteger QLinearMatMul com.microsoft:FusedMatMul"), _matmul),
    **dict.fromkeys(
        names(
            "Add And BitwiseAnd BitwiseOr Div Equal Greater GreaterOrEqual Less LessOrEqual Max Mean Min Mod Mul Or "
            "PRelu Pow Sub Sum Where Xor"
        ),
        _broadcast,
    ),
    **dict.fromkeys(
        names(
            "ArgMax ArgMin ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd "
            "ReduceSum ReduceSumSquare"
        ),
        _reduced,
    ),
    "ConvTranspose": _conv_transpose,
    "Gemm": _gemm,
    "Concat": _concat,
    "Split": _split,
    "Slice": _slice,
    "Gather": _gathered,
    "GatherND": _gathered_nd,
    "GatherElements": lambda call: call.shape(1),
    "Transpose": _transpose,
    "Reshape": _reshape_layer,
    "Flatten": _flatten,
    "Squeeze": _squeeze_layer,
    "Unsqueeze": _unsqueeze_layer,
    "Expand": _expand,
    "Tile": _tile,
    "Pad": _pad,
    "Resize": _resize,
    "Upsample": _resize,
    "DepthToSpace": _depth_to_space,
    "SpaceToDepth": _depth_to_space,
    "ConstantOfShape": _filled,
    "Range": _range_shape,
    "GridSample": _grid_sample,
    "Constant": lambda call: call.attribute("value").shape,
    "Shape": lambda call: (len(call.shape()),),
    "Size": lambda call: (),
}

FOLLOWED = frozenset(_SHAPES) | SAME
"""Operators whose results are followed. A network may have no others (`checks`)."""


def _multiplications(call: _Call, made: Sequence[Shape | None]) -> int:
    """Return the multiplications and additions of a layer, 0 for one that has next to none."""
    shape = made[0] if made else None
    if shape is None:
        return 0
    weights = call.shapes[3 if call.kind.startswith("QLinear") else 1] if len(call.shapes) > 1 else None
    if weights is None:
        return 0
    if call.kind == "ConvTranspose":
        return math.prod(call.shapes[0] or ()) * math.prod(weights[1:])
    if _SHAPES.get(call.kind) is _conv:
        return math.prod(shape) * math.prod(weights[1:])
    if _SHAPES.get(call.kind) in (_matmul, _gemm):
        return math.prod(shape) * (call.shapes[0] or (1,))[-1]
    return 0
