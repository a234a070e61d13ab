"""The commands of `newscrawl`, by what they do: crawl, read, keep. Each function is one command; its docstring is its help."""
