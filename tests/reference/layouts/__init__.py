"""Files as the known libraries save them, for the tests of the reader of codebooks."""
