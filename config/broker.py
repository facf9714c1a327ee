"""The file broker, whose folders are made again when somebody has removed them, and whose messages are there whole or
not at all: what must happen stands in the database, so nothing is lost with them, and a worker need not end.
"""

from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any
from uuid import uuid4

from kombu.transport import filesystem
from kombu.utils.json import dumps

# The one queue of the tasks, and its exchange.
QUEUE = "celery"


class Channel(filesystem.Channel):
    def _get(self, queue: str, timeout: Any = None) -> Any:
        self._make_folders()
        try:
            return super()._get(queue)
        except (FileNotFoundError, ValueError):  # removed just now, or half of it written on a full disk
            raise Empty from None

    def _size(self, queue: str) -> int:
        self._make_folders()
        return int(super()._size(queue))

    def _purge(self, queue: str) -> int:
        self._make_folders()
        return int(super()._purge(queue))

    def get_table(self, exchange: str) -> list[Any]:
        """Which queues an exchange feeds. What is asked of workers finds its way also without the lost table."""
        usual = [filesystem.exchange_queue_t(QUEUE, QUEUE, QUEUE)] if exchange == QUEUE else []
        return super().get_table(exchange) or usual

    def _put(self, *arguments: Any, **kwargs: Any) -> None:
        """Written under another name first: kombu's own writes in place, and a worker that reads half of it ends."""
        queue, payload = arguments
        self._make_folders()
        name = f"{round(monotonic() * 1000)}_{uuid4()}"
        unfinished = Path(self.data_folder_out) / f"{name}.part"
        unfinished.write_text(dumps(payload), encoding="utf-8")
        unfinished.rename(unfinished.with_name(f"{name}.{queue}.msg"))

    def _queue_bind(self, *names: str) -> None:
        self._make_folders()
        super()._queue_bind(*names)

    def _make_folders(self) -> None:
        for folder in (self.data_folder_in, self.data_folder_out, self.control_folder):
            Path(folder).mkdir(parents=True, exist_ok=True)


class Transport(filesystem.Transport):
    Channel = Channel
