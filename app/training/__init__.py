"""A Sage, an hh2 and a Procore to practise on, served on loopback, and the client that talks to them."""
