"""Rules about service control policies that protect trails and logs."""
