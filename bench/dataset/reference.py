"""Decodes the images and labels of a folder in VOC's layout with Pillow, and nothing else. Prints one JSON line."""

import json
import resource
import sys
import time
from pathlib import Path

import numpy
from PIL import Image, __version__

root = Path(sys.argv[1]) / "VOC2012"
started = time.perf_counter()
images = sorted((root / "JPEGImages").glob("*.jpg"))
for image in images:
    numpy.asarray(Image.open(image).convert("RGB"))
    numpy.asarray(Image.open(root / "SegmentationClass" / f"{image.stem}.png"))
used = resource.getrusage(resource.RUSAGE_SELF)
print(
    json.dumps(
        {
            "program": f"Pillow {__version__}, decoding only, one thread",
            "seconds": round(time.perf_counter() - started, 1),
            "cpuSeconds": round(used.ru_utime + used.ru_stime, 1),
            "peakMb": round(used.ru_maxrss / 1024),
        }
    )
)
