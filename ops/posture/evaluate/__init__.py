"""What the answers mean. Pure functions: from facts to the parts of a report."""
