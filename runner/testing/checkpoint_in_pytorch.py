"""Runs a checkpoint in PyTorch: python3 checkpoint_in_pytorch.py CHECKPOINT… (Debian's python3-torch).

Opens it with the code in docs/checkpoints.md, and prints the class probabilities of branch 1 for a hashed image as
JSON: one number per row, column and class.
"""

import json
import re
import sys
from pathlib import Path

import torch

RUNNER = Path(__file__).parents[1]
sys.path.insert(0, str(RUNNER / "networks" / "fixtures"))
import deeplabv3plus  # noqa: E402
from hashed import hashed  # noqa: E402


class Loaded(deeplabv3plus.Network):
    def __init__(self, state, output_stride):
        self.output_stride = output_stride
        running = {name for name in state if "running_" in name}
        turned = {name: value.permute(2, 3, 1, 0) if value.dim() == 4 else value for name, value in state.items()}
        self.buffers = {name: turned[name] for name in running}
        self.variables = {name: value for name, value in turned.items() if name not in running}


def probabilities(file):
    page = (RUNNER.parent / "docs" / "checkpoints.md").read_text()
    lines = re.search(r"```python\n(.*?)```", page, re.DOTALL)[1]
    scope = {}
    exec(lines.replace("step-500.safetensors", file), scope)
    images = hashed(1, [1, 32, 32, 3]).permute(0, 3, 1, 2)
    logits = Loaded(scope["branch1"], 16).forward(images, False)
    return torch.softmax(logits, 1).permute(0, 2, 3, 1).flatten().tolist()


# Several in one process, because importing PyTorch takes seconds.
print(json.dumps([probabilities(file) for file in sys.argv[1:]]))
