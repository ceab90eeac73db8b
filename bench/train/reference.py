"""The twin CPS step of bench/train in PyTorch with two threads, for comparison.

Reads one JSON line with the tensors' shapes and the sizes. Then it runs a step for every further line and prints its
milliseconds. Needs Debian's python3-torch.
"""

import json
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).parents[2] / "runner" / "networks" / "fixtures"))
from deeplabv3plus import Network  # noqa: E402

torch.set_num_threads(2)
setting = json.loads(sys.stdin.readline())
batch, height, width, classes = (setting[key] for key in ("batch", "height", "width", "classes"))


def create():
    network = Network(setting["shapes"], 16)
    for tensors in (network.variables, network.buffers):
        for name, value in tensors.items():
            tensors[name] = value.detach().float().requires_grad_(value.requires_grad)
    decayed = [v for v in network.variables.values() if v.dim() == 4]
    rest = [v for v in network.variables.values() if v.dim() != 4]
    groups = [{"params": decayed, "weight_decay": 4e-4}, {"params": rest, "weight_decay": 0}]
    if setting["optimiser"] == "adam":
        return network, torch.optim.Adam(groups, lr=0.01)
    return network, torch.optim.SGD(groups, lr=0.01, momentum=0.9)


twins = [create(), create()]
labelled, unlabelled = torch.randn(batch, 3, height, width), torch.randn(batch, 3, height, width)
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
    start = time.perf_counter()
    step()
    print((time.perf_counter() - start) * 1000, flush=True)
