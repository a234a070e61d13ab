"""What analysts ask of an archive."""
