"""Fuzzing: every reader is given what nobody would write, and may answer only by reading it or by a TercetError.

``python -m tests.fuzzing all --cases 100000 --seed 1`` runs the targets of ``targets/``; ``docs/reliability.md`` says
what came of it.
"""
