"""The policy pack as an installed package: it runs the pack that lies in its directory ``pack``."""
