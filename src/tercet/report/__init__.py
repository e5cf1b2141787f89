"""Reports: runs as tables that people and programs read."""
