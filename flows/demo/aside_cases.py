"""One case for each thing that may happen beside the path, so that the demo shows all of them however small it is."""

from datetime import date

from flows.demo.city import City
from flows.demo.clock import working_day_before
from flows.demo.plot import Aside, Plot
from flows.demo.problems import problem_of

# What, about which problem, in which village, how many working days ago.
CASES: tuple[tuple[Aside, str, str, int], ...] = (
    (Aside.REFERRAL, "finance-off-the-books", "谷雨村", 40),
    (Aside.REFERRAL, "conduct-favours", "鸭栏村", 85),
    (Aside.WITHDRAWAL, "openness-idle", "月汀村", 33),
    (Aside.TRANSFER, "environment-rules", "回澜村", 62),
    (Aside.REASSIGNMENT, "committee-no-system", "鹿衔村", 51),
    (Aside.EXTENSION_GRANTED, "openness-not-weatherproof", "书带村", 58),
    (Aside.EXTENSION_REFUSED, "openness-badly-placed", "长亭岗村", 46),
    (Aside.EXTENSION_LATE, "assets-arrears", "梨云村", 90),
    (Aside.PAUSE, "works-unsupervised", "白露村", 70),
)


def asides(made: City, *, today: date) -> list[Plot]:
    return [
        Plot(problem_of(item), made.village(village), working_day_before(today, ago), aside=aside)
        for aside, item, village, ago in CASES
    ]
