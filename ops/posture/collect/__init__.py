"""The questions to AWS. Nothing here says what is good: it keeps what was answered, and when."""
