"""The archive as web pages: nothing is written, nothing is asked of anywhere else."""
