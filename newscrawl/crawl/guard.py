"""No page may lead the crawler into a private network: addresses are checked as they are resolved, the ones connected to."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from scrapy.resolver import CachingThreadedResolver, dnscache
from twisted.internet import defer
from twisted.internet.error import DNSLookupError

from newscrawl.config import Config
from newscrawl.sites import SiteDefinition

# Special-purpose blocks that Python 3.11 still calls global (IANA registries of 2024), and the ways of writing IPv4 in IPv6.
_ALSO_PRIVATE = tuple(
    ipaddress.ip_network(block)
    for block in "192.88.99.0/24 ::/96 64:ff9b::/96 64:ff9b:1::/48 2001::/23 2002::/16 3fff::/20 5f00::/16 fec0::/10".split()
)


def is_public(address: str) -> bool:
    """Whether an IP address is one that anybody on the internet may be asked under."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    if mapped is not None:
        return is_public(str(mapped))
    return ip.is_global and not ip.is_multicast and not any(ip in block for block in _ALSO_PRIVATE if block.version == ip.version)


class Allowance:
    """What the operator named, and may therefore be private: hosts, addresses, networks, proxies."""

    def __init__(self, named: Iterable[str]) -> None:
        self._networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = []
        self._hosts: set[str] = set()
        for name in named:
            try:
                self._networks.append(ipaddress.ip_network(name.strip("[]"), strict=False))
            except ValueError:
                self._hosts.add(name.lower())

    def admits(self, host: str, address: str) -> bool:
        """Whether `address`, which `host` resolved to, may be connected to."""
        if is_public(address) or host.lower() in self._hosts:
            return True
        ip = ipaddress.ip_address(address.partition("%")[0])
        return any(ip in network for network in self._networks if network.version == ip.version)


def named_by(config: Config, sites: Iterable[SiteDefinition]) -> list[str]:
    """The private names that the operator gave: in the settings, as a site's own literal address, or as a proxy."""
    fronts = (urlsplit(site.url).hostname or "" for site in sites)
    literal = [host for host in fronts if host == "localhost" or host.endswith(".localhost") or _is_address(host)]
    urls = (url for scheme, url in getproxies().items() if scheme != "no")  # under "no" stands what is asked without a proxy
    proxies = [urlsplit(url if "://" in url else f"//{url}").hostname or "" for url in urls]
    return [*config.crawl.allow_private, *literal, *filter(None, proxies)]


@lru_cache(maxsize=1024)
def proxy_for(scheme: str, host: str) -> str | None:
    """The proxy that the environment names for a host. Scrapy would read the whole environment for each request."""
    return None if proxy_bypass(host) else getproxies().get(scheme)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver, refusing what is not public unless the operator named it. Twisted asks it for literal addresses too."""

    allowance: Allowance

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> GuardedResolver:
        """Built by Scrapy before the spiders run; `crawler` is the process, its settings carry what the operator named."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.allowance = Allowance(crawler.settings.getlist("NEWSCRAWL_NAMED"))
        return resolver

    def getHostByName(self, name: str, timeout: Any = ()) -> Any:  # noqa: N802 - Twisted's name
        """A Deferred of the address of `name`; it fails for an address that is refused."""
        return super().getHostByName(name, timeout).addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> Any:
        return address if self.allowance.admits(name, address) else defer.fail(DNSLookupError(name))


def refusal(host: str) -> str:
    """Why the guard let the lookup of `host` fail, or "" if it has no address. Twisted keeps nothing of a resolver's error."""
    return f"{host} is at {dnscache[host]}, which is private; list it in crawl.allow_private to allow it" if host in dnscache else ""
