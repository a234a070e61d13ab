from xml.etree import ElementTree as ET

from newscrawl.demo.drawings import landscape


def test_a_landscape_is_small_well_formed_svg():
    drawing = landscape(7)
    assert ET.fromstring(drawing).tag == "{http://www.w3.org/2000/svg}svg"
    assert len(drawing) < 1000


def test_the_number_decides_how_it_looks():
    assert landscape(7) == landscape(7)
    assert len({landscape(number) for number in range(200, 212)}) == 12
