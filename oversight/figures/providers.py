"""Figures of other rooms: each is asked for its own, with the unit, the months and the moment, and gives them in order.

A room that wants to be seen by those who lead (training, duty) adds its function to `PROVIDERS`; it asks a constant
number of queries, and says of each figure where its records are.
"""

from collections.abc import Callable
from datetime import datetime

from casework.models import Unit
from oversight.figures.counting import Months
from oversight.figures.figure import Figure
from oversight.training.for_leaders import training_figures
from oversight.visits.for_leaders import visit_figures

Provider = Callable[[Unit, Months, datetime], list[Figure]]

PROVIDERS: list[Provider] = [training_figures, visit_figures]
