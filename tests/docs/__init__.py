"""The pages for readers: every block of them is run, or compared with what was printed."""
