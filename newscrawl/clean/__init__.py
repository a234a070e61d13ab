"""Stages that take out of a text what is not the article, and mend what is."""
