"""Compiled kernels: the libraries' own statistics, integer for integer, many times faster.

Each module here gives the statistics of one metric for many segments at once. Importing one imports
numba, which the extra ``fast`` brings; ``choice`` decides whether that is worth while, and where it
is not, the metric asks the library itself. The numbers are the same, so that no signature says which
way was taken.
"""
