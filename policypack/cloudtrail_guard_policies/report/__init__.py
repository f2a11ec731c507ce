"""What the engine says of a policy pack, in the formats that CI services read.

`events` reads the engine's event stream, `positions` finds resources in the program's source,
`sarif`, `junit` and `github` write the reports, and `cli` is the command line.
"""
