"""The version of an unbundled stand-in; bundle.py writes its own."""

SHORT = "1.102.3"
