"""Statistics over additive rows: how sure a score is. Pure; rows of one cluster are never taken apart."""
