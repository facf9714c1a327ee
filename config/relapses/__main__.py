"""`python -m config.relapses`: what the model finds on sets that it has not seen; `learn` makes it anew.

python -m config.relapses                   each set at hand by what the others teach, and one line for all
python -m config.relapses FILE              a new set as unseen: what is in the repository is tried on it
python -m config.relapses --curve [FILE]    with the curve and the reliability of the scores and items
python -m config.relapses learn             count the words and fit the weights anew, from all sets
"""

import argparse
import os
import sys
from pathlib import Path

import django


def main(given: list[str]) -> int:
    options = argparse.ArgumentParser(prog="python -m config.relapses", description=__doc__)
    options.formatter_class = argparse.RawDescriptionHelpFormatter
    options.add_argument("what", nargs="?", default="", metavar="FILE or learn")
    options.add_argument("--curve", action="store_true", help="the curve and the reliability as well")
    asked = options.parse_args(given)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    # Behind the setup, without which no model can be imported.
    from config.relapses.telling import each_left_out, learn, unseen

    if asked.what == "learn":
        return learn()
    if asked.what:
        return unseen(Path(asked.what), with_curve=asked.curve)
    return each_left_out(with_curve=asked.curve)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
