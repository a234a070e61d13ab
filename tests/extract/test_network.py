import io

import numpy as np
import pytest

from newscrawl.extract.blocks import layout
from newscrawl.extract.containers import containers
from newscrawl.extract.features import features
from newscrawl.extract.network import STEPS, Network, read_network, shipped, write_network
from newscrawl.extract.prose import prose
from newscrawl.extract.tree import parse

WIDTH = 4


def page(paragraphs=3):
    shown = layout(parse(f"<ul><li><a href=/>Home</a></ul><div>{'<p>Rain fell on the town, and nobody minded.</p>' * paragraphs}</div>"))
    return features(shown, [prose(block) for block in shown.blocks], [], containers(shown))


def network(seed=0, members=2):
    random = np.random.default_rng(seed)
    inputs = page().values.shape[1]
    shapes = {"in": (inputs, WIDTH), **{f"step{step}": (3 * WIDTH, WIDTH) for step in STEPS}, "join": (3 * WIDTH, WIDTH), "out": (WIDTH, 1)}

    layers = {"mean": random.normal(size=inputs), "scale": random.normal(size=inputs) ** 2}
    for name, shape in shapes.items():
        layers[f"{name}.weight"] = random.normal(size=(members, *shape))
        layers[f"{name}.bias"] = random.normal(size=(members, 1, shape[1]))
    return Network(page().names, {name: values.astype(np.float32) for name, values in layers.items()}, {"corpora": {"ours": "0123"}})


def test_what_is_written_is_read():
    file = io.BytesIO()
    write_network(network(), file)
    file.seek(0)
    again = read_network(file)
    assert (again.names, again.trained) == (network().names, {"corpora": {"ours": "0123"}})
    assert again.judge(page()) == pytest.approx(network().judge(page()), rel=0.05, abs=0.1)  # weights have 16 bits


def test_members_are_averaged():
    both = network()
    alone = [
        Network(both.names, {name: values[[member]] if "." in name else values for name, values in both.layers.items()}, {}).judge(page())
        for member in range(2)
    ]
    assert both.judge(page()) == pytest.approx((alone[0] + alone[1]) / 2, rel=1e-5)


def test_a_block_is_judged_by_its_neighbours_and_boxes():
    judge = network().judge
    assert judge(page(3))[1] != pytest.approx(judge(page(40))[1])


@pytest.mark.parametrize("paragraphs", [0, 1, 200])
def test_pages_of_any_length_are_judged(paragraphs):
    judged = network().judge(page(paragraphs))
    assert judged.shape == (paragraphs + 1,)
    assert np.isfinite(judged).all()


def test_no_network(tmp_path):
    (tmp_path / "x.npz").write_bytes(b"nothing")
    with (tmp_path / "x.npz").open("rb") as file, pytest.raises(ValueError, match=r"pickle|magic|allow"):
        read_network(file)


def test_the_shipped_network_knows_its_inputs_and_says_what_it_was_trained_on():
    assert shipped().names == page().names
    assert shipped().trained["pages"] > 1000
    assert all(len(digest) == 16 for digest in shipped().trained["corpora"].values())
