#!/usr/bin/env python3
"""COCO's average precision, written a second time, straight from its definition.

Makes random scenes from a seed, works out their figures with exact fractions and sets of pixels
instead of masks, and writes both to scenes.json, which the kernel's average_precision_test.cpp
reads. Shares no code and no data structure with the kernel. Thresholds and recalls are compared as
doubles, evenly spaced as NumPy does it, since that decides ties. Source of the definition: Lin et
al., 2014, arXiv:1405.0312, and the detection evaluation page of cocodataset.org.

usage: reference.py > scenes.json
"""
import json
import random
from fractions import Fraction

THRESHOLDS = [0.5 + i * ((0.95 - 0.5) / 9) for i in range(9)] + [0.95]
AREAS = {"all": (0, 10**10), "small": (0, 32**2), "medium": (32**2, 96**2),
         "large": (96**2, 10**10)}
SIDE = 30  # of the pixel scenes


def pixels(box):
    x, y, width, height = box
    return {(i, j) for i in range(x, x + width) for j in range(y, y + height)}


def overlap(prediction, truth):
    if "pixels" in prediction:
        shared = len(prediction["pixels"] & truth["pixels"])
        own, other = len(prediction["pixels"]), len(truth["pixels"])
    else:
        (ax, ay, aw, ah), (bx, by, bw, bh) = prediction["bbox"], truth["bbox"]
        shared = (max(0, min(ax + aw, bx + bw) - max(ax, bx)) *
                  max(0, min(ay + ah, by + bh) - max(ay, by)))
        own, other = aw * ah, bw * bh
    whole = own if truth["crowd"] else own + other - shared
    return shared / whole if whole else 0.0


def judge(predictions, truths, threshold, area):
    """(score, rank, "hit" | "miss" | "ignored") of each prediction of one image and category."""
    low, high = AREAS[area]
    counts = [not t["crowd"] and low <= t["area"] <= high for t in truths]
    free = set(range(len(truths)))
    out = []
    ordered = sorted(predictions, key=lambda p: -p["score"])[:100]
    for rank, prediction in enumerate(ordered):
        able = [i for i in range(len(truths)) if (i in free or truths[i]["crowd"]) and
                overlap(prediction, truths[i]) >= threshold]
        wanted = [i for i in able if counts[i]] or able  # what counts goes before what does not
        if wanted:
            best = max(overlap(prediction, truths[i]) for i in wanted)
            chosen = [i for i in wanted if overlap(prediction, truths[i]) == best][-1]
            free.discard(chosen)
            verdict = "hit" if counts[chosen] else "ignored"
        else:
            verdict = "miss" if low <= prediction["area"] <= high else "ignored"
        out.append((prediction["score"], rank, verdict))
    return out, sum(counts)


def curve(verdicts, objects):
    """Mean precision over 101 recalls, and the last recall."""
    hits = misses = 0
    points = []
    for _, _, verdict in sorted(verdicts, key=lambda v: -v[0]):
        hits += verdict == "hit"
        misses += verdict == "miss"
        if hits + misses:
            points.append((hits / objects, Fraction(hits, hits + misses)))
    total = Fraction(0)
    for i in range(101):
        total += max((p for r, p in points if r >= i * 0.01), default=Fraction(0))
    return total / 101, Fraction(hits, objects)


def figures(truths, predictions):
    categories = sorted({t["category"] for t in truths})
    images = sorted({t["image"] for t in truths} | {p["image"] for p in predictions})
    sums = {}

    def add(name, value):
        sums.setdefault(name, []).append(value)

    for area in AREAS:
        for category in categories:
            for at, threshold in enumerate(THRESHOLDS):
                verdicts, objects = [], 0
                for image in images:
                    def here(item):
                        return item["image"] == image and item["category"] == category
                    more, count = judge([p for p in predictions if here(p)],
                                        [t for t in truths if here(t)], threshold, area)
                    verdicts += more
                    objects += count
                if not objects:
                    continue
                precision, recall = curve(verdicts, objects)
                tail = "" if area == "all" else "_" + area
                add("ap" + tail, precision)
                add("ar100" if area == "all" else "ar" + tail, recall)
                if area == "all":
                    for best in (1, 10):
                        few = [v for v in verdicts if v[1] < best]
                        add(f"ar{best}", curve(few, objects)[1])
                    if at in (0, 5):
                        add("ap50" if at == 0 else "ap75", precision)
    names = ["ap", "ap50", "ap75", "ap_small", "ap_medium", "ap_large", "ar1", "ar10", "ar100",
             "ar_small", "ar_medium", "ar_large"]
    return {name: float(sum(sums[name]) / len(sums[name])) if name in sums else -1.0
            for name in names}


def scene(seed, masks):
    rng = random.Random(seed)
    side, largest = (SIDE, 14) if masks else (400, 260)
    truths, predictions = [], []
    for image in range(1, 4 if masks else 6):
        for _ in range(rng.randrange(0, 6)):
            box = [rng.randrange(side - largest), rng.randrange(side - largest),
                   rng.randrange(1, largest), rng.randrange(1, largest)]
            truth = {"image": image, "category": rng.randrange(1, 4), "bbox": box,
                     "crowd": rng.random() < 0.15}
            truth["area"] = (box[2] * box[3] if rng.random() < 0.5
                             else rng.randrange(1, box[2] * box[3] + 1))
            truths.append(truth)
            for _ in range(rng.randrange(0, 4)):
                wander = rng.choice((0, 1, 4) if masks else (2, 10, 40))
                near = [max(0, v + rng.randrange(-wander, wander + 1)) for v in box[:2]]
                size = [max(1, v + rng.randrange(-wander, wander + 1)) for v in box[2:]]
                if masks:
                    size = [min(size[0], SIDE - near[0]), min(size[1], SIDE - near[1])]
                category = truth["category"] if rng.random() < 0.85 else rng.randrange(1, 5)
                predictions.append({"image": image, "category": category, "bbox": near + size,
                                    "area": size[0] * size[1]})
    scores = list(range(1, len(predictions) + 1))
    rng.shuffle(scores)
    for prediction, score in zip(predictions, scores):
        prediction["score"] = score / 1024
    if masks:
        for item in truths + predictions:
            item["pixels"] = pixels(item["bbox"])
    return truths, predictions


def plain(item):
    return {key: value for key, value in item.items() if key != "pixels"}


def main():
    out = []
    for seed in range(36):
        masks = seed % 3 == 2
        truths, predictions = scene(seed, masks)
        out.append({"masks": masks, "truths": [plain(t) for t in truths],
                    "predictions": [plain(p) for p in predictions],
                    "figures": figures(truths, predictions)})
    print("[\n" + ",\n".join(json.dumps(one, separators=(",", ":")) for one in out) + "\n]")


if __name__ == "__main__":
    main()
