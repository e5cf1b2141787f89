"""Gating: whether a candidate is worse than the baseline, by a policy, with an exit code."""
