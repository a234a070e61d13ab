"""Trains the network that tells an article's blocks from the rest: python -m benchmarks.train_body CORPUS … [--out FILE] [--folds FOLDER].

A corpus is a folder with gold.jsonl (one object a line: id, url, gold.text) and html/ID.html. --folds writes, instead of one network for
all pages, five that have each not seen a fifth of the hosts: fold0.npz to fold4.npz, with which benchmarks.extraction reads the pages that
they have not seen. Needs the extra `train`. The same pages and --seed give the same network, on one machine.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from benchmarks.floors import digest
from benchmarks.folds import FOLDS, domain_of, fold_of
from benchmarks.labels import labels
from newscrawl.extract.blocks import layout
from newscrawl.extract.containers import containers
from newscrawl.extract.decode import decode
from newscrawl.extract.features import Features, features
from newscrawl.extract.network import STEPS, Network, write_network
from newscrawl.extract.parts import inherit
from newscrawl.extract.prose import prose
from newscrawl.extract.rules import richest
from newscrawl.extract.structured import structured
from newscrawl.extract.title import title_of
from newscrawl.extract.tree import parse

WIDTH = 32  # of the layers
DROPOUT = 0.2
EPOCHS = 20
BATCH = 8  # pages
RATE = 2e-3
DECAY = 1e-2
GAP = max(STEPS) * 2  # empty rows between the pages of a batch, so that no layer sees two pages
LONGEST = 1500  # blocks of a page that is trained on
FEW_PAGES = 400  # corpora with fewer count as if they had up to three times their pages

PARTS = ("neighbours", "boxes")  # what the network sees of a block's surroundings

Tensors = dict[str, torch.Tensor]


@dataclass(frozen=True, slots=True)
class Sample:
    """One page: its features, for each block the share of it that is in the gold text, and how much each block counts."""

    domain: str
    fold: int
    page: Features
    labels: np.ndarray
    weights: np.ndarray


def samples(corpus: Path, boost: float) -> Iterator[Sample]:
    """The pages of a corpus that have any text."""
    for line in _rows(corpus):
        row = json.loads(line)
        if row.get("bad"):
            continue
        html = (corpus / "html" / f"{row['id']}.html").read_bytes()
        tree = parse(decode(html).text)
        shown = layout(tree)
        if not shown.blocks:
            continue
        title = title_of(shown, structured(tree, row["url"]), url=row["url"])
        headline, text = (title.block, title.text) if title else (-1, "")
        values = [prose(block) for block in shown.blocks]
        ruled = richest(shown, values, inherit(shown, values, headline), headline)
        page = features(shown, values, ruled, containers(shown), headline=headline, title=text)
        shares, tokens = labels([block.text for block in shown.blocks], row["gold"]["text"])
        yield Sample(domain_of(row["url"], html), fold_of(row["url"], html), page, shares, boost * _weights(shares, tokens))


def _weights(shares: np.ndarray, tokens: np.ndarray) -> np.ndarray:
    """How much each block counts: by its share of the article's length, as in the metric, and a little for being there at all."""
    relative = np.minimum(tokens / max(float(tokens[shares > 0.5].sum()), 20.0), 1.0)
    return (relative + 0.3 * np.sqrt(relative / len(relative))).astype(np.float32)


def balanced(train: Sequence[Sample]) -> list[Sample]:
    """The same pages, those of domains that have many counting less: what is learned has to hold on domains never seen."""
    pages = Counter(sample.domain for sample in train)
    shares = [pages[sample.domain] ** -0.5 for sample in train]
    mean = sum(shares) / len(shares)
    return [replace(sample, weights=sample.weights * np.float32(share / mean)) for sample, share in zip(train, shares, strict=True)]


class Batch:
    """Pages laid out in one long table, with gaps of empty rows between them."""

    def __init__(self, pages: Sequence[Sample]) -> None:
        rows = [np.zeros(GAP, bool)]
        for sample in pages:
            rows += [np.ones(len(sample.labels), bool), np.zeros(GAP, bool)]
        here = np.concatenate(rows)

        def spread(parts: Sequence[np.ndarray]) -> torch.Tensor:
            values = np.concatenate(parts)
            table = np.zeros((len(here), *values.shape[1:]), values.dtype)
            table[here] = values
            return torch.from_numpy(table)

        self.values = spread([sample.page.values for sample in pages])
        self.words = spread([sample.page.words for sample in pages])
        self.labels = spread([sample.labels for sample in pages])
        self.weights = spread([sample.weights for sample in pages])
        self.container = spread(_numbered([sample.page.container for sample in pages]))
        self.section = spread(_numbered([sample.page.section for sample in pages]))
        self.here = torch.from_numpy(here.astype(np.float32))


def _numbered(groups: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The numbers of each page's groups, made different from all other pages' and from 0."""
    firsts = np.cumsum([1, *(int(group.max()) + 1 for group in groups)])
    return [group + first for group, first in zip(groups, firsts[:-1], strict=True)]


def forward(net: Tensors, batch: Batch, *, dropout: float) -> torch.Tensor:
    """What `newscrawl.extract.network` computes, for many pages at once."""

    def drop(values: torch.Tensor) -> torch.Tensor:
        return functional.dropout(values, dropout, training=dropout > 0)

    def mean(values: torch.Tensor, group: torch.Tensor) -> torch.Tensor:
        count = int(group.max()) + 1
        sums = values.new_zeros(count, values.shape[1]).index_add(0, group, values * words)
        return (sums / (words.new_zeros(count, 1).index_add(0, group, words) + 1e-6))[group]

    here, words = batch.here[:, None], batch.words[:, None]
    inputs = drop((batch.values - net["mean"]) * net["scale"])
    state = functional.relu(inputs @ net["in.weight"] + net["in.bias"]) * here
    for step in STEPS:
        dropped = functional.pad(drop(state), (0, 0, step, step))
        around = torch.cat([dropped[: -2 * step], dropped[step:-step], dropped[2 * step :]], 1)
        state = (state + functional.relu(around @ net[f"step{step}.weight"] + net[f"step{step}.bias"])) * here
    context = torch.cat([state, mean(state, batch.container), mean(state, batch.section)], 1)
    joined = functional.relu(drop(context) @ net["join.weight"] + net["join.bias"])
    return (joined @ net["out.weight"] + net["out.bias"])[:, 0]


def initial(train: Sequence[Sample]) -> Tensors:
    """A network that knows nothing but how its inputs are scaled."""
    values = np.concatenate([sample.page.values for sample in train])
    net = {
        "mean": torch.from_numpy(values.mean(0)),
        "scale": torch.from_numpy(1 / np.maximum(values.std(0), 0.05)),
    }
    shapes = {
        "in": (values.shape[1], WIDTH),
        **{f"step{step}": (3 * WIDTH, WIDTH) for step in STEPS},
        "join": (3 * WIDTH, WIDTH),
        "out": (WIDTH, 1),
    }
    for name, (inputs, outputs) in shapes.items():
        bound = inputs**-0.5
        net[f"{name}.weight"] = torch.empty(inputs, outputs).uniform_(-bound, bound).requires_grad_()
        net[f"{name}.bias"] = torch.empty(outputs).uniform_(-bound, bound).requires_grad_()
    return net


def masks(names: Sequence[str], without: str) -> Tensors:
    """For an ablation: which weights of a layer may be other than 0. `without` is one of `PARTS`, or how names of features begin."""
    if not without:
        return {}
    if without == "neighbours":
        own = torch.cat([torch.zeros(WIDTH, 1), torch.ones(WIDTH, 1), torch.zeros(WIDTH, 1)])
        return {f"step{step}.weight": own for step in STEPS}
    if without in PARTS:
        kept = torch.ones(3, WIDTH)
        kept[1:] = 0
        return {"join.weight": kept.reshape(-1, 1)}
    return {"in.weight": torch.tensor([[0.0 if name.startswith(without) else 1.0] for name in names])}


def trained(train: Sequence[Sample], seed: int, epochs: int, without: str) -> Tensors:
    """One member, trained on these pages."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    train = balanced([sample for sample in train if len(sample.labels) <= LONGEST])
    net, masked = initial(train), masks(train[0].page.names, without)
    optimizer = torch.optim.AdamW([tensor for tensor in net.values() if tensor.requires_grad], lr=RATE, weight_decay=DECAY)
    steps = epochs * (len(train) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=RATE, total_steps=steps + 1, pct_start=0.05)
    for _ in range(epochs):
        order = sorted(range(len(train)), key=lambda index: len(train[index].labels) * (1 + 0.3 * random.random()))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        random.shuffle(batches)
        for indexes in batches:
            batch = Batch([train[index] for index in indexes])
            judged = forward(net, batch, dropout=DROPOUT)
            loss = functional.binary_cross_entropy_with_logits(judged, batch.labels, weight=batch.weights * batch.here, reduction="sum")
            optimizer.zero_grad()
            (loss / len(indexes)).backward()
            torch.nn.utils.clip_grad_norm_([tensor for tensor in net.values() if tensor.requires_grad], 1.0)
            optimizer.step()
            schedule.step()
            with torch.no_grad():
                for name, mask in masked.items():
                    net[name] *= mask
    return {name: tensor.detach() for name, tensor in net.items()}


def network(train: Sequence[Sample], about: dict[str, Any], *, members: int, epochs: int, seed: int, without: str) -> Network:
    """A network of several members."""
    began = time.monotonic()
    layers = []
    for number in range(members):
        layers.append(trained(train, seed + number, epochs, without))
        print(
            json.dumps({"member": number + 1, "of": members, "pages": len(train), "seconds": round(time.monotonic() - began)}),
            file=sys.stderr,
        )
    return Network(train[0].page.names, stacked(layers), {**about, "pages": len(train), "epochs": epochs, "seed": seed, "without": without})


def stacked(members: Sequence[Tensors]) -> dict[str, np.ndarray]:
    """The layers of all members as one network has them."""
    layers = {name: members[0][name].numpy() for name in ("mean", "scale")}
    for name in members[0].keys() - layers.keys():
        tensors = [member[name].unsqueeze(0) if name.endswith(".bias") else member[name] for member in members]
        layers[name] = torch.stack(tensors).numpy()
    return layers


def main() -> None:
    """As the module's docstring tells."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS")
    parser.add_argument("--out", type=Path, default=Path("newscrawl/extract/body.npz"))
    parser.add_argument("--folds", type=Path)
    parser.add_argument("--members", type=int, default=4)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--without", default="", metavar="PART", help=f"train for an ablation: {', '.join(PARTS)}, or how names of features begin"
    )
    options = parser.parse_args()
    for corpus in options.corpora:
        if not (corpus / "gold.jsonl").is_file():
            parser.error(f"{corpus} holds no gold.jsonl")
    torch.set_num_threads(1)
    pages = [sample for corpus in options.corpora for sample in samples(corpus, 3.0 if len(_rows(corpus)) < FEW_PAGES else 1.0)]
    about = {"corpora": {corpus.name: digest(corpus) for corpus in options.corpora}}
    chosen = {"members": options.members, "epochs": options.epochs, "seed": options.seed, "without": options.without}
    if options.folds is None:
        with options.out.open("wb") as file:
            write_network(network(pages, about, **chosen), file)
        return
    options.folds.mkdir(parents=True, exist_ok=True)
    for fold in range(FOLDS):
        with (options.folds / f"fold{fold}.npz").open("wb") as file:
            write_network(network([page for page in pages if page.fold != fold], {**about, "without fold": fold}, **chosen), file)


def _rows(corpus: Path) -> list[str]:
    return (corpus / "gold.jsonl").read_text("utf-8").rstrip("\n").split("\n")


if __name__ == "__main__":
    main()
