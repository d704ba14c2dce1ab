"""What the faces say, in the person's language. English stands in the sources; other languages are catalogues."""
