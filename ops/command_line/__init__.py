"""`cloudtrail-guard`: one command line for all that the project runs."""
