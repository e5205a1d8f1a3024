"""Django settings, one file per concern; every value that may differ between homes is read from the environment.

`.env.example` lists every variable with its default.
"""

from .home import *
from .base import *
from .database import *
from .realtime import *
from .identity import *
from .language import *
from .security import *
from .maps import *
from .outgoing import *
from .push import *
from .inbound import *
from .legal import *
from .logs import *
