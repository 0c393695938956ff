"""What the kernel tells of processes."""

import pathlib


def descendants_of(process):
    """Returns the children of a process, and theirs, as they are now."""
    try:
        words = pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:  # It has just ended.
        return []
    return [found for each in map(int, words) for found in (each, *descendants_of(each))]


def has_ended(process):
    """Says whether a process is gone, or waits for whoever has inherited it."""
    try:
        return "\nState:\tZ" in pathlib.Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


def until_ended(processes):
    """Waits for the end of processes that are no children."""
    while not all(map(has_ended, processes)):
        pass
