"""Non-inferiority: whether a candidate is no worse than a margin, worse, or whether too little is known.

"No significant difference" is no proof of anything: with few articles nothing is significant. A margin, the loss
that one would put up with, makes "no worse" a claim that can be shown, and "too few articles" one that can
be said.

References:
    Piaggio, Elbourne, Pocock, Evans, Altman, Reporting of Noninferiority and Equivalence Randomized Trials:
    Extension of the CONSORT 2010 Statement, JAMA 308, 2012, figure 1, https://doi.org/10.1001/jama.2012.87802.
"""

from enum import Enum
from math import isnan

from tercet.errors import ConfigError


class Standing(Enum):
    """How a candidate stands against its baseline, in one score.

    - ``REGRESSED``: worse, by more than chance, and not shown to be within the margin.
    - ``NO_WORSE``: shown to be worse by no more than the margin; or the same on every article.
    - ``UNDERPOWERED``: neither is shown; more articles would show one of them.
    - ``UNSEEN``: no margin was named, and no regression was seen. It does not say that there is none.
    """

    REGRESSED = "regressed"
    NO_WORSE = "no worse"
    UNDERPOWERED = "underpowered"
    UNSEEN = "unseen"


def standing(
    better: float,
    interval: tuple[float, float] | None,
    adjusted_p: float | None,
    *,
    margin: float | None,
    alpha: float,
) -> Standing:
    """Judge a difference by its interval, its p and a margin.

    With a margin, as figure 1 of the reference draws it, by where the interval lies:

    - wholly above ``-margin``: no worse, though it may lie wholly below 0. A loss that is sure and small
      is one that the margin allows.
    - not so, and the difference is significantly below 0: regressed. The reference calls it inferior only
      where the interval lies wholly below ``-margin``, and inconclusive where it reaches above. Here the
      candidate has to answer for a loss that is no chance: it is told a regression until more articles
      show that it is within the margin.
    - not so, and no significant loss: underpowered, which the reference calls inconclusive.

    Error rates. Where the true loss is the margin or more, "no worse" is said with a probability of at most
    one end's of a two-sided interval, 2.5 % at a level of 95 %. Where there is no true loss, "regressed"
    is said with at most ``alpha / 2``, since the test is two-sided and only one side is a regression; over
    all tests together where the p is adjusted for them. Between the two, a true loss within the margin may
    be told as any of the three, and as no worse the more surely the more articles there are. "No worse" is
    not adjusted: who asks that all of many scores be no worse has the rate of one of them (Berger,
    Multiparameter hypothesis testing and acceptance sampling, 1982, https://doi.org/10.2307/1267823).

    Args:
        better: The difference, turned so that above 0 the candidate is better; NaN where it is not known.
        interval: Its interval, turned likewise: its low end first.
        adjusted_p: Two-sided p, corrected for all the tests that are made together.
        margin: The loss that is put up with, from 0, in the score's unit; None where none is named.
        alpha: Level of the tests.

    Returns:
        ``UNDERPOWERED`` where anything is not known; ``NO_WORSE`` where nothing differs, so that the
        interval is (0, 0). Articles that were not drawn may still differ: with n of them, 95 % sure, up
        to 3 / n of all do.

    Raises:
        ConfigError: ``margin`` is below 0, or ``alpha`` not between 0 and 1.

    >>> standing(-0.002, (-0.006, 0.002), 0.3, margin=0.01, alpha=0.05)
    <Standing.NO_WORSE: 'no worse'>
    """
    _check(margin, alpha)
    if interval is None or adjusted_p is None or any(map(isnan, (better, *interval, adjusted_p))):
        return Standing.UNDERPOWERED
    low, high = interval
    if low == high == better == 0 or (margin is not None and low >= -margin):
        return Standing.NO_WORSE
    if better < 0 and adjusted_p <= alpha:
        return Standing.REGRESSED
    return Standing.UNSEEN if margin is None else Standing.UNDERPOWERED


def _check(margin: float | None, alpha: float) -> None:
    if margin is not None and not margin >= 0:
        raise ConfigError(f"margin is {margin}.", "It is the loss that is put up with: a number from 0.")
    if not 0 < alpha < 1:
        raise ConfigError(f"alpha is {alpha}.", "It must be between 0 and 1, as 0.05.")
