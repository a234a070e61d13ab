"""Articles in other formats: each a writer that `work.export` drives, in bounded memory, and that goes on where a killed one stopped."""
