"""Paybatch from Python: plan, run, review and export pilots of a running installation."""

from paybatch.client import Paybatch as Paybatch
from paybatch.refused import Problem as Problem
from paybatch.refused import Refused as Refused
from paybatch.refused import Unreachable as Unreachable
from paybatch.series import RunSeries as RunSeries
from paybatch.waiting import Blocked as Blocked
