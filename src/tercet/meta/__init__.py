"""How far metrics agree with people: from judged texts and metrics to figures, intervals and tests."""
