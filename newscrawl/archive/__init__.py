"""Captured pages in WARC files: written, recovered, found again."""
