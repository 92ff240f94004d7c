"""For gunicorn and other servers: `gunicorn --preload wsgi:app`; starts no worker (`portal worker` runs beside)."""

import gc

from sqlalchemy.orm import configure_mappers

from portal.app import create_app
from portal.core import log
from portal.settings import Settings

settings = Settings.from_env()
log.configure(settings.log)
app = create_app(settings)
configure_mappers()
gc.freeze()  # what the start made lives on; left alone, it stays shared between processes that are forked from this one
