"""The file broker, whose folders are made again when somebody has removed them: what must happen stands in the
database, so nothing is lost with them, and a worker need not end.
"""

from pathlib import Path
from typing import Any

from kombu.transport import filesystem


class Channel(filesystem.Channel):
    def _get(self, queue: str) -> Any:
        self._make_folders()
        return super()._get(queue)

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        self._make_folders()
        super()._put(queue, payload, **kwargs)

    def _queue_bind(self, *names: str) -> None:
        self._make_folders()
        super()._queue_bind(*names)

    def _make_folders(self) -> None:
        for folder in (self.data_folder_in, self.data_folder_out, self.control_folder):
            Path(folder).mkdir(parents=True, exist_ok=True)


class Transport(filesystem.Transport):
    Channel = Channel
