"""A small invented portal on loopback: the first run of a newcomer, and the fixture of the tests."""
