"""The archive's index: words, vectors and their fusion."""
