"""The roof: `create_app` lays the floors in order and opens every feature's doors."""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from pathlib import Path

from flask import Flask
from flask_compress import Compress

from portal import rooms, wiring
from portal.core import assets, clock, guard, headers, login, problems, templating, web
from portal.core.db import Database
from portal.core.ids import IdConverter, IdSlugConverter
from portal.core.mail import FolderTransport, SmtpTransport, Transport
from portal.core.observed import Observations
from portal.core.sessions import SessionSeen, record_seen
from portal.settings import Settings
from portal.shared.exchange.queries import ExportSources
from portal.shared.files.store import FileStore
from portal.shared.finding.finder import Finder
from portal.shared.finding.gap_operations import GapActs
from portal.shared.finding.indexing import DOCUMENTS_VERSION
from portal.shared.handouts.queries import Handouts
from portal.shared.items.promoting import Promotions
from portal.shared.people.queries import find_signed_in
from portal.shared.review.queries import Reviewing
from portal.shared.search_index import SearchIndex

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings) -> Flask:
    """A ready application on these settings; starts no thread and no worker, so that a server may fork it."""
    app = Flask("portal", root_path=str(ROOT), static_folder=None, template_folder=str(ROOT / "templates"))
    app.jinja_environment = templating.Templates
    app.config.update(SECRET_KEY=settings.secret_key)
    app.url_map.converters.update(int=IdConverter, idslug=IdSlugConverter)
    app.url_map.strict_slashes = False
    web.install(app, make_services(settings))
    problems.install(app)
    guard.install(app, base_url=settings.base_url, proxies=settings.proxies)
    if settings.demo:
        guard.only_from_here(app)
    login.install(app, find_signed_in, https=settings.is_https)
    headers.install(app, https=settings.is_https)
    assets.install(app, assets.Assets(ROOT / "static", joined=settings.joined_assets))
    templating.install(app, timezone=settings.timezone, release=version())
    app.config.update(COMPRESS_ALGORITHM=["gzip"], COMPRESS_MIN_SIZE=800, COMPRESS_MIMETYPES=["text/html", "text/csv"])
    Compress(app)
    for feature in rooms.FEATURES:
        app.register_blueprint(feature.blueprint)
    return app


def make_services(settings: Settings) -> dict[type, object]:
    """The things of one process, by type; its days are cut in company time from now on."""
    clock.cut_days_in(settings.timezone)
    database = Database(settings.database_url, pool_size=settings.threads + 2, listeners=wiring.LISTENERS)
    index = SearchIndex(settings.index_dir, DOCUMENTS_VERSION)
    return {
        Settings: settings,
        Database: database,
        SearchIndex: index,
        FileStore: FileStore(settings.files_dir),
        Finder: Finder(index, wiring.HITS),
        Handouts: Handouts(wiring.HANDOUTS),
        ExportSources: ExportSources(wiring.EXPORTED),
        GapActs: wiring.GAP_ACTS,
        Reviewing: Reviewing(wiring.CARDS),
        Promotions: wiring.PROMOTIONS,
        Observations: Observations(database, {SessionSeen: record_seen, **wiring.RECORDERS}),
        Transport: make_transport(settings),
    }


def make_transport(settings: Settings) -> Transport:
    """SMTP where a server is set, else a folder of `.eml` files."""
    return SmtpTransport(settings.smtp_url) if settings.smtp_url else FolderTransport(settings.mail_dir)


def version() -> str:
    """The version of the installed portal."""
    try:
        return installed_version("fieldhouse")
    except PackageNotFoundError:
        return "0.1.0"
