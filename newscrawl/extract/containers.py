"""In what each block of a page stands: its list, its row, the text around its paragraph; and in what that stands."""

from __future__ import annotations

from newscrawl.extract.blocks import Layout

Around = tuple[list[int], list[int]]


def containers(layout: Layout) -> Around:
    """For each block the indexes of two boxes: the innermost that holds more than this block, and the next that holds more than that one.

    Where nothing is larger, they are the same.
    """
    wider: list[int] = []  # for each box the next around it that holds more
    boxes = layout.boxes
    for index, box in enumerate(boxes):
        parent = box.parent if box.parent >= 0 else index
        same = boxes[parent].end - boxes[parent].first == box.end - box.first
        wider.append(wider[parent] if same and parent < index else parent)
    containers = [block.box if boxes[block.box].end - boxes[block.box].first > 1 else wider[block.box] for block in layout.blocks]
    return containers, [wider[box] for box in containers]
