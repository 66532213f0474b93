"""The work of images.json by PyTorch on the CPU, outside the browser.

    python3 pytorch_images.py --preset digits --steps 20    images a second, as JSON
    python3 pytorch_images.py --preset digits --reference   the losses of images.json, in float64

Needs torch and numpy. Images, labels and starting weights are those of ../problem-images.ts.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import time
from pathlib import Path

import numpy
import torch
from torch.nn import functional

SEED = 1
# Streams of crate/rng.rs.
INPUTS, START, LABELS, FIXED_MAPS = 3, 5, 10, 13
# A loss is compared before the 1st, the 2nd and the 6th step, so after 0, 1 and 5.
CHECKED = (0, 1, 5)


def words(stream, count):
    """The first two words of Philox-4x32-10 at counters 0, 1, ..."""
    low = numpy.uint64(0xFFFFFFFF)
    half = numpy.uint64(32)
    c0 = numpy.arange(count, dtype=numpy.uint64)
    c1, c2, c3 = (numpy.zeros(count, numpy.uint64) for _ in range(3))
    k0, k1 = SEED, stream
    for _ in range(10):
        p0 = numpy.uint64(0xD2511F53) * c0
        p1 = numpy.uint64(0xCD9E8D57) * c2
        c0, c2 = (p1 >> half) ^ c1 ^ numpy.uint64(k0), (p0 >> half) ^ c3 ^ numpy.uint64(k1)
        c1, c3 = p1 & low, p0 & low
        k0 = (k0 + 0x9E3779B9) & 0xFFFFFFFF
        k1 = (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return c0, c1


def uniforms(stream, count):
    a, b = words(stream, count)
    bits = (a << numpy.uint64(21)) | (b >> numpy.uint64(11))
    return (bits.astype(numpy.float64) + 0.5) / 2.0**53


def normals(stream, count):
    pairs = uniforms(stream, count + count % 2).reshape(-1, 2)
    radius = numpy.sqrt(-2 * numpy.log(pairs[:, 0]))
    angle = 2 * numpy.pi * pairs[:, 1]
    return numpy.stack([radius * numpy.cos(angle), radius * numpy.sin(angle)], 1).reshape(-1)[:count]


def batch(work):
    """Random pixels of 0 to 255, every image standardized, and random labels."""
    shape = (work["batch"], work["channels"], work["side"], work["side"])
    pixels = (words(INPUTS, numpy.prod(shape))[0] >> numpy.uint64(24)).astype(numpy.float64).reshape(shape)
    centred = pixels - pixels.mean((1, 2, 3), keepdims=True)
    images = centred / numpy.sqrt((centred**2).mean((1, 2, 3), keepdims=True))
    labels = (uniforms(LABELS, work["batch"]) * work["classes"]).astype(numpy.int64)
    return images.astype(numpy.float32), labels


def convolutions(work):
    """Output channels, input channels and stride of every convolution."""
    yield work["stem"], work["channels"], 1
    features = work["stem"]
    for index, stage in enumerate(work["stages"]):
        for block in range(stage["blocks"]):
            yield stage["filters"], features, 2 if index and not block else 1
            features = stage["filters"]
            yield features, features, 1


class Network(torch.nn.Module):
    def __init__(self, work):
        super().__init__()
        layers = list(convolutions(work))
        drawn = normals(START, sum(9 * o * i for o, i, _ in layers))
        self.strides = [stride for _, _, stride in layers]
        filters = []
        for output, inputs, _ in layers:
            count = 9 * output * inputs
            values = (drawn[:count] / (3 * output**0.5)).astype(numpy.float32)
            drawn = drawn[count:]
            filters.append(torch.nn.Parameter(torch.from_numpy(values).reshape(output, inputs, 3, 3)))
        self.filters = torch.nn.ParameterList(filters)
        shape = (work["classes"], layers[-1][0])
        top = normals(FIXED_MAPS, shape[0] * shape[1]).astype(numpy.float32).reshape(shape)
        self.register_buffer("top", torch.from_numpy(top))

    def forward(self, x):
        h = functional.conv2d(x, self.filters[0], padding=1)
        for k in range(1, len(self.filters), 2):
            stride = self.strides[k]
            inner = functional.relu(functional.conv2d(h, self.filters[k], stride=stride, padding=1))
            branch = functional.conv2d(inner, self.filters[k + 1], padding=1)
            if stride == 2:
                h = functional.avg_pool2d(h, 2, 2, ceil_mode=True, count_include_pad=False)
            added = branch.shape[1] - h.shape[1]
            if added:
                h = functional.pad(h, (0, 0, 0, 0, added // 2, added - added // 2))
            h = h + branch
        return h.mean((2, 3)) @ self.top.T


class Training:
    def __init__(self, work, dtype, channels_last):
        layout = torch.channels_last if channels_last else torch.contiguous_format
        self.network = Network(work).to(dtype)
        images, labels = batch(work)
        self.images = torch.from_numpy(images).to(dtype).contiguous(memory_format=layout)
        self.labels = torch.from_numpy(labels)
        if channels_last:
            self.network = self.network.to(memory_format=layout)
        self.optimizer = torch.optim.SGD(
            self.network.parameters(),
            lr=work["learningRate"],
            momentum=work["momentum"],
            weight_decay=work["weightDecay"],
        )

    def step(self):
        self.optimizer.zero_grad(set_to_none=True)
        loss = functional.cross_entropy(self.network(self.images), self.labels)
        loss.backward()
        self.optimizer.step()
        return loss.detach()

    def losses(self):
        """The losses after 0, 1 and 5 steps."""
        found = [self.step().item() for _ in range(max(CHECKED) + 1)]
        return [found[k] for k in CHECKED]


def measure(work, steps, repeats, channels_last):
    training = Training(work, torch.float32, channels_last)
    for found, expected in zip(training.losses(), work["losses"]):
        if not abs(found - expected) <= 1e-3 * abs(expected):
            sys.exit(f"loss {found} instead of {expected}: a wrong answer is not timed")
    rates = []
    for _ in range(repeats):
        begin = time.perf_counter()
        for _ in range(steps):
            loss = training.step()
        loss.item()
        rates.append(steps * work["batch"] / (time.perf_counter() - begin))
    return {
        "imagesPerSecond": round(statistics.median(rates), 1),
        "least": round(min(rates), 1),
        "most": round(max(rates), 1),
    }


def main():
    parser = argparse.ArgumentParser()
    works = {work["preset"]: work for work in json.loads((Path(__file__).parents[1] / "images.json").read_text())}
    parser.add_argument("--preset", choices=works, required=True)
    parser.add_argument("--steps", type=int, default=10, help="steps in one repeat")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--reference", action="store_true", help="only the losses, in float64")
    arguments = parser.parse_args()
    work = works[arguments.preset]
    torch.set_num_threads(arguments.threads)
    if arguments.reference:
        print(json.dumps(Training(work, torch.float64, False).losses()))
        return
    result = {
        "preset": arguments.preset,
        "batch": work["batch"],
        "threads": arguments.threads,
        "steps": arguments.steps,
        "repeats": arguments.repeats,
        "contiguous": measure(work, arguments.steps, arguments.repeats, False),
        "channelsLast": measure(work, arguments.steps, arguments.repeats, True),
        "torch": torch.__version__,
        "numpy": numpy.__version__,
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
    }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
