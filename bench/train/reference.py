"""The twin CPS step of bench/train in PyTorch with two threads, for comparison.

Reads one JSON line with the tensors' shapes, the sizes and the memory format. Then it runs a step for every further line and
prints its milliseconds and those of the processor. Needs Debian's python3-torch.
"""

import json
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).parents[2] / "runner" / "networks" / "fixtures"))
from deeplabv3plus import Network as FixtureNetwork  # noqa: E402

torch.set_num_threads(2)
setting = json.loads(sys.stdin.readline())
batch, height, width, classes = (setting[key] for key in ("batch", "height", "width", "classes"))
memory_format = {"nchw": torch.contiguous_format, "channels_last": torch.channels_last}[setting["format"]]


class Network(FixtureNetwork):
    """The network with filters as PyTorch stores them (OIHW), instead of turning them at each use."""

    def conv(self, x, name, stride=1, dilation=1):
        w = self.variables[f"{name}.weight"]
        padding = dilation * (w.shape[2] - 1) // 2
        return F.conv2d(x, w, self.variables.get(f"{name}.bias"), stride, padding, dilation)


def as_pytorch(value):
    """float32, and a filter as OIHW in the memory format."""
    value = value.detach().float()
    return value.permute(3, 2, 0, 1).contiguous(memory_format=memory_format) if value.dim() == 4 else value


def create():
    network = Network(setting["shapes"], 16)
    for tensors in (network.variables, network.buffers):
        for name, value in tensors.items():
            tensors[name] = as_pytorch(value).requires_grad_(value.requires_grad)
    decayed = [v for v in network.variables.values() if v.dim() == 4]
    rest = [v for v in network.variables.values() if v.dim() != 4]
    groups = [{"params": decayed, "weight_decay": 4e-4}, {"params": rest, "weight_decay": 0}]
    if setting["optimiser"] == "adam":
        return network, torch.optim.Adam(groups, lr=0.01)
    return network, torch.optim.SGD(groups, lr=0.01, momentum=0.9)


def images():
    return torch.randn(batch, 3, height, width).to(memory_format=memory_format)


twins = [create(), create()]
labelled, unlabelled = images(), images()
labels = torch.randint(classes, (batch, height, width))


def step():
    logits = []
    for network, optimiser in twins:
        optimiser.zero_grad(set_to_none=True)
        logits.append((network.forward(labelled, True), network.forward(unlabelled, True)))
    joined = [torch.cat(pair) for pair in logits]
    shown = [both.argmax(1) for both in joined]
    total = sum(
        F.cross_entropy(logits[i][0], labels) + 1.5 * F.cross_entropy(joined[i], shown[1 - i]) for i in range(2)
    )
    total.backward()
    for _, optimiser in twins:
        optimiser.step()
    return total.item()


for _ in sys.stdin:
    start, used = time.perf_counter(), time.process_time()
    step()
    print((time.perf_counter() - start) * 1000, (time.process_time() - used) * 1000, flush=True)
