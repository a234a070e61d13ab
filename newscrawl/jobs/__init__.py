"""Work on what was crawled, without the network: soundness, other people's crawls, reading again."""
