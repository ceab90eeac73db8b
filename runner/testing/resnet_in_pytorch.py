"""ResNets in PyTorch, their state_dicts as files, and their features: python3 resnet_in_pytorch.py (BACKBONE STEM FILE)…

Written from the definitions of torchvision (stem 7x7) and timm (stems d and deep), with the names of their tensors and
with the dilations of our layer4. The tensors have hashed values. Writes each FILE in safetensors format, classifier and
counters included, and prints a list with the features of layer1 and layer4 of a hashed image as JSON, in the order NHWC.
"""

import json
import sys
from pathlib import Path

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).parent))
from hashed import hashed  # noqa: E402

SIDE = 64
STEM_CHANNELS = {"deep": [64, 64, 128], "7x7": [64], "d": [32, 32, 64]}


def conv(inputs, outputs, kernel, stride=1, dilation=1):
    return nn.Conv2d(inputs, outputs, kernel, stride, dilation * (kernel - 1) // 2, dilation, bias=False)


class Block(nn.Module):
    def __init__(self, inputs, channels, expansion, stride, dilation, stem):
        super().__init__()
        outputs = expansion * channels
        if expansion == 1:
            self.conv1, self.bn1 = conv(inputs, channels, 3, stride, dilation), nn.BatchNorm2d(channels)
            self.conv2, self.bn2 = conv(channels, channels, 3, 1, dilation), nn.BatchNorm2d(channels)
        else:
            self.conv1, self.bn1 = conv(inputs, channels, 1), nn.BatchNorm2d(channels)
            self.conv2, self.bn2 = conv(channels, channels, 3, stride, dilation), nn.BatchNorm2d(channels)
            self.conv3, self.bn3 = conv(channels, outputs, 1), nn.BatchNorm2d(outputs)
        self.last = 2 if expansion == 1 else 3
        self.downsample = nn.Identity()
        if (stride != 1 or inputs != outputs) and stem == "d":
            pool = nn.Identity() if stride == 1 and dilation == 1 else Mean(stride)
            self.downsample = nn.Sequential(pool, conv(inputs, outputs, 1), nn.BatchNorm2d(outputs))
        elif stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(conv(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = x
        for number in range(1, self.last + 1):
            y = getattr(self, f"bn{number}")(getattr(self, f"conv{number}")(y))
            y = torch.relu(y) if number < self.last else y
        return torch.relu(y + self.downsample(x))


class Mean(nn.Module):
    """timm's average pooling. With stride 1, it repeats the last row and column, where timm adds zeros."""

    def __init__(self, stride):
        super().__init__()
        self.pad = nn.ReplicationPad2d((0, 1, 0, 1)) if stride == 1 else nn.Identity()
        self.pool = nn.AvgPool2d(2, stride, ceil_mode=True, count_include_pad=False)

    def forward(self, x):
        return self.pool(self.pad(x))


class ResNet(nn.Module):
    def __init__(self, expansion, counts, stem):
        super().__init__()
        channels = STEM_CHANNELS[stem]
        inputs = channels[-1]
        if stem == "7x7":
            self.conv1 = conv(3, inputs, 7, 2)
        else:
            first, second, third = channels
            between = (nn.BatchNorm2d(first), nn.ReLU(), conv(first, second, 3), nn.BatchNorm2d(second), nn.ReLU())
            self.conv1 = nn.Sequential(conv(3, first, 3, 2), *between, conv(second, third, 3))
        self.bn1 = nn.BatchNorm2d(inputs)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        for layer, (count, width) in enumerate(zip(counts, (64, 128, 256, 512)), 1):
            blocks = []
            for position in range(count):
                stride = 2 if position == 0 and layer in (2, 3) else 1
                dilation = 2 ** (min(position, 2) + 1) if layer == 4 else 1
                blocks.append(Block(inputs, width, expansion, stride, dilation, stem))
                inputs = expansion * width
            setattr(self, f"layer{layer}", nn.Sequential(*blocks))
        self.fc = nn.Linear(inputs, 1000)

    def forward(self, x):
        low = self.layer1(self.maxpool(torch.relu(self.bn1(self.conv1(x)))))
        return low, self.layer4(self.layer3(self.layer2(low)))


def fill(state):
    """Replaces every value by a hashed one. The last norm of a bottleneck is damped, so that features stay moderate."""
    for seed, (name, value) in enumerate(state.items(), 1):
        shape = list(value.shape)
        if name.endswith("num_batches_tracked"):
            value.fill_(1)
        elif name.endswith("running_mean"):
            value.copy_(hashed(seed, shape, 0.1))
        elif name.endswith("running_var"):
            value.copy_(hashed(seed, shape, 0.5) + 1)
        elif value.dim() == 4:
            value.copy_(hashed(seed, shape, (6 / value[0].numel()) ** 0.5))
        else:
            scale = 0.1 if ".bn3." in name else 1
            value.copy_(scale * (hashed(seed, shape, 0.3) + (1 if name.endswith("weight") and value.dim() == 1 else 0)))


def write(state, file):
    header, offset = {}, 0
    for name, value in state.items():
        size = value.numel() * value.element_size()
        kind = "F32" if value.dtype == torch.float32 else "I64"
        header[name] = {"dtype": kind, "shape": list(value.shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(file, "wb") as out:
        out.write(len(text).to_bytes(8, "little") + text)
        for value in state.values():
            out.write(value.numpy().tobytes())


def features_of(backbone, stem, file):
    plans = {"resnet18": (1, [2, 2, 2, 2]), "resnet50": (4, [3, 4, 6, 3])}
    network = ResNet(*plans[backbone], stem).eval()
    with torch.no_grad():
        fill(network.state_dict())
        write(network.state_dict(), file)
        features = network.double()(hashed(1, [1, SIDE, SIDE, 3]).permute(0, 3, 1, 2).double())
    return [feature.permute(0, 2, 3, 1).flatten().tolist() for feature in features]


# Several in one process, because importing PyTorch takes seconds.
words = sys.argv[1:]
print(json.dumps([features_of(*words[i : i + 3]) for i in range(0, len(words), 3)]))
