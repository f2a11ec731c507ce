"""What every rule of the policy pack stands on; it knows nothing of CloudTrail.

`rule` is what a rule is made of, `values` the plain values it reads, `settings` its configuration,
`judge` runs rules over resources, `server` speaks the engine's analyzer protocol, and `docs`
writes the handbook page.
"""
