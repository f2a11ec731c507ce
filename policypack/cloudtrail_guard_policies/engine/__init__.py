"""What every rule of the policy pack is built on; it knows nothing of CloudTrail.

`rule` is what a rule is made of, `values` the plain values it reads, `settings` its configuration,
`evaluation` runs rules over resources, and `server` speaks the engine's analyzer protocol.
"""
