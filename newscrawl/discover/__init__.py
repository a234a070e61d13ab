"""Stages that find: links, next pages, and whether a page is an article, a listing or neither."""
