"""A queue of jobs, on Redis or RabbitMQ by Dramatiq: one job is one site to be crawled.

The queue only hands out. What is due, what was tried and what failed stands in the store, so nothing is lost with the queue: what it
forgets is sent again, and a job that comes twice finds its site crawled, or held.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from newscrawl.errors import InputError, QueueError
from newscrawl.jobs.stopping import tell

if TYPE_CHECKING:
    from dramatiq import Broker, Message, Worker

T = TypeVar("T")

NAME = "newscrawl"  # of the queue, and of the actor
HEARTBEAT = 15.0  # seconds without a sign from a worker, after which Redis' other users take its jobs back; a worker gives one each second
_LOOKS = 100_000  # of a million commands, those that also look for dead workers: one in ten, so every few seconds
_ANSWER = 10.0  # seconds that Redis has for an answer
_AGAIN = 60.0  # seconds until a line of the log is told again
ALLOWED = "redis://HOST/0, rediss://HOST/0, amqp://HOST or amqps://HOST"


@dataclass(frozen=True, slots=True)
class Job:
    """A site to be crawled."""

    site: str  # slug of a site that has a file, else its address
    sent: float  # Unix time
    forced: bool = False  # also if it is not due


@dataclass(slots=True)
class Queue:
    """The jobs at an address such as "redis://host/0". Its methods raise QueueError if it does not answer."""

    url: str
    _broker: Broker = field(init=False)
    _thread: ThreadPoolExecutor = field(init=False)  # one for all: a connection to RabbitMQ belongs to its thread

    def __post_init__(self) -> None:
        self._broker = _broker(self.url)
        self._broker.declare_queue(NAME)
        self._thread = ThreadPoolExecutor(1, "newscrawl-queue")

    @property
    def shown(self) -> str:
        """The address without user, password and options."""
        return _shown(self.url)

    async def send(self, job: Job) -> None:
        """Put a job at the end."""
        await self._called(lambda: self._broker.enqueue(_message(job)))

    async def waiting(self) -> int:
        """How many jobs nobody has taken yet."""
        return await self._called(lambda: _waiting(self._broker))

    async def _called(self, call: Callable[[], T]) -> T:
        with self._naming():
            return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    @contextmanager
    def _naming(self) -> Iterator[None]:
        try:
            yield
        except _driver_errors(self.url) as error:
            told = str(error).partition("\n")[0].rstrip(".") or type(error).__name__
            raise QueueError(f"{self.shown}: no answer: {told}. Check that it is running and reachable, then run again") from error

    def close(self) -> None:
        """Let go of connections."""
        self._thread.submit(self._broker.close).result()
        self._thread.shutdown()

    def worker(self, work: Callable[[Job], None], threads: int) -> Worker:
        """Calls `work` for each job, in so many threads; once it returns the job is done with. To be started, and stopped."""
        import dramatiq

        def crawl(site: str, sent: float, forced: bool) -> None:  # noqa: FBT001 - it comes so from the queue
            work(Job(site, sent, forced))

        dramatiq.actor(actor_name=NAME, queue_name=NAME, broker=self._broker)(crawl)
        worker = dramatiq.Worker(self._broker, queues={NAME}, worker_threads=threads)
        worker.queue_prefetch = threads  # what this worker can't begin is for others
        return worker


def log_quietly() -> None:
    """Have what Dramatiq logs told as the other lines are, the same line once a minute at most."""
    log = logging.getLogger("dramatiq")
    log.propagate = False
    log.handlers = [_Told(logging.WARNING)]


class _Told(logging.Handler):
    def __init__(self, level: int) -> None:
        super().__init__(level)
        self._last: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        cause = f" {record.exc_info[1]}" if record.exc_info else ""
        line, clock = f"{record.getMessage()}{cause}".partition("\n")[0], time.monotonic()
        if clock - self._last.get(line, -_AGAIN) >= _AGAIN:
            self._last = {line: clock, **{known: when for known, when in self._last.items() if clock - when < _AGAIN}}
            tell("queue", why=line)


def _broker(url: str) -> Broker:
    """Without Dramatiq's middleware: limits of time and memory, and trying again, are the business of crawls and of the store."""
    scheme = url.partition("://")[0]
    try:
        match scheme:
            case "redis" | "rediss":
                from dramatiq.brokers.redis import RedisBroker
                from redis import Redis

                client = Redis.from_url(url, socket_timeout=_ANSWER, socket_connect_timeout=_ANSWER)
                beats: dict[str, Any] = {"heartbeat_timeout": round(HEARTBEAT * 1000), "maintenance_chance": _LOOKS}
                return RedisBroker(client=client, middleware=[], namespace=NAME, **beats)  # type: ignore[no-untyped-call]  # it has no types
            case "amqp" | "amqps":
                from dramatiq.brokers.rabbitmq import RabbitmqBroker

                return RabbitmqBroker(url=url, middleware=[], confirm_delivery=True)
    except ModuleNotFoundError as error:
        extra = "jobs" if scheme.startswith("redis") else "rabbitmq"
        raise InputError(f"a queue needs more packages ({error.name}): pip install 'newscrawl[{extra}]'") from None
    except ValueError:  # its message may quote the password
        raise InputError(f"{_shown(url)} has options or a host that can't be read: use {ALLOWED}") from None
    raise InputError(f"no queue can be at an address that begins with {scheme[:12]!r}: use {ALLOWED}")


def _driver_errors(url: str) -> tuple[type[Exception], ...]:
    from dramatiq.errors import DramatiqError

    if url.startswith("redis"):
        from redis.exceptions import RedisError

        return (DramatiqError, RedisError)
    from pika.exceptions import AMQPError

    return (DramatiqError, AMQPError, OSError)


def _message(job: Job) -> Message[None]:
    from dramatiq import Message

    arguments = {"site": job.site, "sent": job.sent, "forced": job.forced}
    return Message(queue_name=NAME, actor_name=NAME, args=(), kwargs=arguments, options={})


def _waiting(broker: Any) -> int:
    """Jobs that no worker has been given. Dramatiq 2.2 counts them for RabbitMQ alone; in Redis they are a list of this name."""
    if hasattr(broker, "get_queue_message_counts"):
        return int(broker.get_queue_message_counts(NAME)[0])
    return int(broker.client.llen(f"{broker.namespace}:{NAME}"))


def _shown(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"
