"""The file broker, whose folders are made again when somebody has removed them: what must happen stands in the
database, so nothing is lost with them, and a worker need not end.
"""

from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem

# The one queue of the tasks, and its exchange.
QUEUE = "celery"


class Channel(filesystem.Channel):
    def _get(self, queue: str, timeout: Any = None) -> Any:
        self._make_folders()
        try:
            return super()._get(queue)
        except FileNotFoundError:  # removed just now
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

    def _put(self, *message: Any, **kwargs: Any) -> None:
        self._make_folders()
        super()._put(*message, **kwargs)

    def _queue_bind(self, *names: str) -> None:
        self._make_folders()
        super()._queue_bind(*names)

    def _make_folders(self) -> None:
        for folder in (self.data_folder_in, self.data_folder_out, self.control_folder):
            Path(folder).mkdir(parents=True, exist_ok=True)


class Transport(filesystem.Transport):
    Channel = Channel
