"""A small network that judges a page's blocks: each by itself, by those around it and by the boxes it is in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import IO, Any

import numpy as np
from threadpoolctl import ThreadpoolController

from newscrawl.extract.features import Features, Floats, Numbers

STEPS = (1, 2, 4)  # distances at which a layer looks to both sides of a block: together seven blocks


@dataclass(frozen=True, slots=True)
class Network:
    """Members trained alike from different beginnings, whose mean is the judgement; and what they were trained on."""

    names: tuple[str, ...]  # of the features, in the order of the inputs
    layers: Mapping[
        str, Floats
    ]  # "mean" and "scale" of the inputs; then weights (members, inputs, outputs) and biases (members, 1, outputs)
    trained: Mapping[str, Any]  # corpora with their digests, how many pages, how: for people to read

    def judge(self, page: Features) -> Floats:
        """For each block the log-odds that it is part of the article. On one thread: more would only wait for each other."""
        with _threads().limit(limits=1, user_api="blas"):
            return self._judge(page)

    def _judge(self, page: Features) -> Floats:
        layers, count = self.layers, len(page.values)
        state = self._layer("in", (page.values - layers["mean"]) * layers["scale"])
        for step in STEPS:
            padded = np.zeros((len(state), count + 2 * step, state.shape[2]), np.float32)
            padded[:, step : step + count] = state
            state = state + self._layer(f"step{step}", np.concatenate([padded[:, :count], state, padded[:, 2 * step :]], axis=2))
        weighted = state * page.words[:, None]
        around = (_mean(weighted, page.words, group) for group in (page.container, page.section))
        joined = self._layer("join", np.concatenate([state, *around], axis=2))
        return np.asarray((joined @ layers["out.weight"] + layers["out.bias"])[:, :, 0].mean(axis=0))

    def _layer(self, name: str, inputs: Floats) -> Floats:
        outputs = inputs @ self.layers[f"{name}.weight"]
        outputs += self.layers[f"{name}.bias"]
        return np.maximum(outputs, 0, out=outputs)


def _mean(weighted: Floats, words: Floats, group: Numbers) -> Floats:
    """For each block the mean of its group's states, weighted by words. All of (members, blocks, states)."""
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(group.max() + 1))
    sums: Floats = np.add.reduceat(weighted[:, order], starts, axis=1)
    return np.asarray((sums / np.add.reduceat(words[order], starts)[:, None])[:, group])


def read_network(file: IO[bytes]) -> Network:
    """The network in an .npz file, as `write_network` wrote it. Raises ValueError or KeyError for what is none."""
    with np.load(file, allow_pickle=False) as saved:
        about = json.loads(str(saved["about"]))
        layers = {name: saved[name].astype(np.float32) for name in saved.files if name != "about"}
    return Network(tuple(about["names"]), layers, about["trained"])


def write_network(network: Network, file: IO[bytes]) -> None:
    """Write a network, 16 bits a weight: about 40 KB a member."""
    about = json.dumps({"names": network.names, "trained": network.trained})
    kept: dict[str, Any] = {name: values.astype(np.float16 if "." in name else np.float32) for name, values in network.layers.items()}
    np.savez_compressed(file, about=np.array(about), **kept)


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


@cache
def shipped() -> Network:
    """The network that newscrawl ships, read once."""
    with files("newscrawl.extract").joinpath("body.npz").open("rb") as file:
        return read_network(file)
