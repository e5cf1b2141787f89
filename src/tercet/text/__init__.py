"""Languages, sentences and tokens: pure functions on texts."""
