"""Published formulas, a module a source, and the status methods among them, by name."""

from delivery_analytics.model.asking import explain_calls

explain_calls(__name__)

# A line for each module. Those with status methods come first, in the order in which tables
# list the methods, so nothing may sort these lines.
# isort: off
from delivery_analytics.methods import pmdu as pmdu
from delivery_analytics.methods import pemandu as pemandu
from delivery_analytics.methods import open_sdg as open_sdg
from delivery_analytics.methods import planned_change as planned_change
from delivery_analytics.methods import base as base
from delivery_analytics.methods import delivery_confidence as delivery_confidence
from delivery_analytics.methods import drift_echo as drift_echo
from delivery_analytics.methods import earned_value as earned_value
from delivery_analytics.methods import eurostat as eurostat
from delivery_analytics.methods import kz_decomposition as kz_decomposition
from delivery_analytics.methods import spc as spc
from delivery_analytics.methods import student_t as student_t
from delivery_analytics.methods import unescap as unescap

# isort: on
from delivery_analytics.methods.base import AGAINST as AGAINST
from delivery_analytics.methods.base import EARLY as EARLY
from delivery_analytics.methods.base import METHODS as METHODS
from delivery_analytics.methods.base import banded as banded
from delivery_analytics.methods.base import coded as coded
from delivery_analytics.methods.base import graded as graded
from delivery_analytics.methods.base import method as method
