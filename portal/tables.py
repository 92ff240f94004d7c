"""Every table of the house, imported so that the metadata is whole; migrations and tests start from it."""

from portal.core import audit, db, jobs, limits, mail, schedule, sessions
from portal.features.competitors import models as competitors
from portal.features.objections import models as objections
from portal.features.paths import models as paths
from portal.features.playbooks import models as playbooks
from portal.shared.drafts import models as drafts
from portal.shared.files import models as files
from portal.shared.finding import models as finding
from portal.shared.flags import models as flags
from portal.shared.items import bulk_models as bulk_acts
from portal.shared.items import models as items
from portal.shared.people import models as people
from portal.shared.review import models as review
from portal.shared.tags import models as tags
from portal.shared.votes import models as votes

TABLES = (audit, jobs, limits, mail, schedule, sessions, people, items, bulk_acts, tags, files, votes, flags, drafts,
          finding, review, objections, playbooks, paths, competitors)  # fmt: skip

metadata = db.Base.metadata
