"""Comparing runs that are larger than memory: the same numbers, from files that are read in step."""
