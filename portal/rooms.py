"""The rooms whose doors are open, in one table; a room that is not named here has none."""

from collections.abc import Sequence

from portal.core.web import Feature
from portal.features.account import demo_views as demo
from portal.features.account import password_views as passwords
from portal.features.account import views as account
from portal.features.admin import handover_views as admin_handover
from portal.features.admin import people_views as admin_people
from portal.features.admin import places_views as admin_places
from portal.features.admin import views as admin
from portal.features.admin import vocabulary_views as admin_vocabularies
from portal.features.directory import views as directory
from portal.features.drafts import views as drafts
from portal.features.exchange import views as exchange
from portal.features.flagging import views as flagging
from portal.features.gaps import views as gaps
from portal.features.handouts import views as handouts
from portal.features.health import views as health
from portal.features.home import views as home
from portal.features.kit import views as kit
from portal.features.objections import answer_views as answers
from portal.features.objections import history_views as objection_history
from portal.features.objections import views as objections
from portal.features.paths import history_views as path_history
from portal.features.paths import views as paths
from portal.features.playbooks import bulk_views as playbook_bulk
from portal.features.playbooks import desk_views as playbook_desk
from portal.features.playbooks import history_views as playbook_history
from portal.features.playbooks import move_views as playbook_move_doors
from portal.features.playbooks import promotion_views as playbook_promotion_doors
from portal.features.playbooks import reading_views as playbook_reading
from portal.features.playbooks import redaction_views as playbook_redaction
from portal.features.playbooks import template_views as playbook_templates
from portal.features.playbooks import views as playbooks
from portal.features.preview import views as preview
from portal.features.review import monday_views as monday
from portal.features.review import views as review
from portal.features.screen import views as screen
from portal.features.search import note_views as search_notes
from portal.features.search import views as search
from portal.features.trust import views as trust
from portal.features.uploads import views as uploads
from portal.features.voting import views as voting
from portal.features.words import views as words
from portal.features.writing import views as writing

FEATURES: Sequence[Feature] = (
    health.feature,
    account.feature,
    passwords.feature,
    demo.feature,
    home.feature,
    search.feature,
    search_notes.feature,
    kit.feature,
    drafts.feature,
    screen.feature,
    words.feature,
    gaps.feature,
    objections.feature,
    answers.feature,
    objection_history.feature,
    playbooks.feature,
    playbook_reading.feature,
    playbook_move_doors.feature,
    playbook_desk.feature,
    playbook_bulk.feature,
    playbook_promotion_doors.feature,
    playbook_history.feature,
    playbook_redaction.feature,
    paths.feature,
    path_history.feature,
    handouts.feature,
    exchange.feature,
    playbook_templates.feature,
    directory.feature,
    voting.feature,
    trust.feature,
    flagging.feature,
    review.feature,
    monday.feature,
    uploads.feature,
    preview.feature,
    writing.feature,
    admin.feature,
    admin_people.feature,
    admin_handover.feature,
    admin_places.feature,
    admin_vocabularies.feature,
)
