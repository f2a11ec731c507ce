"""What AWS holds against what was meant: `cloudtrail-guard posture`.

Three steps, each of which hands plain values to the next: `collect` asks AWS and keeps each answer,
a refusal too; `evaluate` compares the answers with what was meant; `render` shows it, as a page,
as JSON and in the terminal.
"""
