"""hh2's documented web services: site address, sign-in, versioned reads, failures."""
