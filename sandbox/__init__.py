"""AWS on a laptop: a moto organization, and an `aws` Pulumi plugin over it."""
