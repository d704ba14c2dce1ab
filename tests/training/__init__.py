"""The training company: the world, its two sites, the process, and the plain client."""
