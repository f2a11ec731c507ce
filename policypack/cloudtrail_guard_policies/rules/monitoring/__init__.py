"""Rules about the log groups, alarms and topics of a trail."""
