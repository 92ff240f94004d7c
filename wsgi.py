"""For gunicorn and other servers: `gunicorn --preload wsgi:app`; starts no worker (`portal worker` runs beside)."""

import gc

gc.disable()  # what is imported stays: looking for garbage among it would cost a seventh of the start

from sqlalchemy.orm import configure_mappers  # noqa: E402

from portal.app import create_app  # noqa: E402
from portal.core import log  # noqa: E402
from portal.demo.recognising import recognise  # noqa: E402
from portal.settings import Settings  # noqa: E402

settings = recognise(Settings.from_env())
log.configure(settings.log)
app = create_app(settings)
configure_mappers()
gc.freeze()  # what the start made lives on; left alone, it stays shared between processes that are forked from this one
gc.enable()
