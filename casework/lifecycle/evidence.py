"""Files that prove something."""

from casework.lifecycle.recording import verb


@verb
def add_evidence(*, by, at, **kwargs):
    raise NotImplementedError
