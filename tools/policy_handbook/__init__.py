"""The handbook page of the policy pack, and its ready configurations, written from the rules."""
