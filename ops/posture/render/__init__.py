"""How a report is shown: a page, and a table in the terminal."""
