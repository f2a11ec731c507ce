"""What several components make or ask of AWS in the same way."""
