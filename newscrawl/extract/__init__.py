"""Stages that read one page: bytes to text, text to tree, tree to a Reading."""
