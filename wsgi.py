"""For gunicorn and other servers: `gunicorn --preload wsgi:app`; starts no worker (`portal worker` runs beside)."""

from portal.app import create_app
from portal.core import log
from portal.settings import Settings

settings = Settings.from_env()
log.configure(settings.log)
app = create_app(settings)
