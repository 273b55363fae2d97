"""Who is calling and what they may see: credentials, the partner tree, sealed secrets."""
