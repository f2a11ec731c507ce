"""The demo: the main job from nothing, judged, read back and attacked, without an AWS account."""
