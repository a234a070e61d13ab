"""Stages that say which article this is."""
