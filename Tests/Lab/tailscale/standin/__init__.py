"""A stand-in for the Tailscale client: its command line, texts and JSON, over a private protocol to the stand-in server."""
