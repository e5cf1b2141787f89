"""Comparing: where runs differ, and whether by more than chance."""
