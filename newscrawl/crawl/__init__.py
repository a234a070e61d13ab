"""The crawl: the only place that imports Scrapy."""
