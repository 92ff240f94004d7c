"""Doors of the machinery: overview, settings in force, jobs, mails, and the audit log; for admins alone."""

from collections.abc import Mapping

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.access import admins
from portal.core.audit import AuditEntry
from portal.core.errors import NotFound
from portal.core.jobs import Job, revive
from portal.core.paging import rows_before, span
from portal.core.web import Door, Feature, found, go, page, say
from portal.features.admin.pages import (
    AuditLine,
    AuditPage,
    JobRow,
    JobsPage,
    MailPage,
    MailsPage,
    OverviewPage,
    SettingsPage,
)
from portal.features.admin.queries import (
    Figures,
    count_acts,
    count_figures,
    find_mail,
    list_audit,
    list_jobs,
    list_mails,
    state_of,
)
from portal.settings import Settings, make_smtp_safe
from portal.shared.people.models import Person
from portal.shared.people.pages import link_to
from portal.shared.people.queries import count_states

feature = Feature("admin", private=True)

AUDIT_PAGE, LATEST = 50, 8


@feature.get("/admin", allow=admins)
def overview(door: Door) -> ResponseReturnValue:
    """How the portal stands, and what needs somebody."""
    figures, states = count_figures(door.session), count_states(door.session)
    latest = [_audit_line(*row) for row in list_audit(door.session, limit=LATEST)]
    return page("admin/overview.html", OverviewPage(states, figures, _problems(figures, states), latest))


@feature.get("/admin/settings", allow=admins)
def settings(door: Door) -> ResponseReturnValue:
    """Settings as they are in force."""
    return page("admin/settings.html", SettingsPage(door.service(Settings).in_force()))


@feature.get("/admin/jobs", allow=admins)
def jobs(door: Door) -> ResponseReturnValue:
    """Work for later, with its errors."""
    figures = count_figures(door.session)
    rows = [
        JobRow(job.id, job.kind, job.key, state_of(job), job.attempts, job.last_error or "", job.run_after)
        for job in list_jobs(door.session)
    ]
    return page("admin/jobs.html", JobsPage(rows, figures.waiting_jobs + figures.dead_jobs - len(rows)))


@feature.post("/admin/jobs/<int:job_id>/retry", allow=admins)
def retry(door: Door, job_id: int) -> ResponseReturnValue:
    """Try a job again at once."""
    actor = door.actor
    job = door.session.get(Job, job_id)
    name = f"{job.kind} {job.key}".strip() if job else ""
    if job is not None and door.write(lambda session: _revive(session, actor.person_id, job_id, name)):
        say(f"“{name}” is tried again now.")
    else:
        say("That job is done already.")
    return go("/admin/jobs")


@feature.get("/admin/mails", allow=admins)
def mails(door: Door) -> ResponseReturnValue:
    """Mails that went to the folder because no mail server is set."""
    settings = door.service(Settings)
    kept = () if settings.smtp_url else list_mails(settings.mail_dir)
    unsent = count_figures(door.session).unsent_mails
    return page("admin/mails.html", MailsPage(kept, make_smtp_safe(settings.smtp_url), unsent))


@feature.get("/admin/mails/<name>", allow=admins)
def mail(door: Door, name: str) -> ResponseReturnValue:
    """One mail of the folder, its links to be followed."""
    settings = door.service(Settings)
    if settings.smtp_url:
        raise NotFound
    return page("admin/mail.html", MailPage(found(find_mail(settings.mail_dir, name))))


@feature.get("/admin/audit", allow=admins)
def log(door: Door) -> ResponseReturnValue:
    """Every act on people, roles and settings; nothing in it can be changed."""
    acts, before = count_acts(door.session), rows_before(door.args, AUDIT_PAGE)
    act = door.args.get("act", "") if door.args.get("act", "") in acts else ""
    entries = [_audit_line(*row) for row in list_audit(door.session, act=act, limit=AUDIT_PAGE, offset=before)]
    total = acts[act] if act else sum(acts.values())
    where = span("/admin/audit", {"act": act}, before=before, shown=len(entries), total=total, size=AUDIT_PAGE)
    return page("admin/log.html", AuditPage(entries, list(acts.items()), act, where))


def _revive(session: Session, by: int, job_id: int, name: str) -> bool:
    if not revive(session, job_id):
        return False
    audit.record(session, by, "job tried again", name)
    return True


def _problems(figures: Figures, states: Mapping[str, int]) -> list[tuple[str, str]]:
    """What needs somebody, each with the page that mends it."""
    dead, failing, invited = figures.dead_jobs, figures.failing_jobs, states.get("invited", 0)
    said = (
        (dead, f"{dead} {'job was' if dead == 1 else 'jobs were'} given up", "/admin/jobs"),
        (failing, f"{failing} {'job' if failing == 1 else 'jobs'} failed, to be tried again", "/admin/jobs"),
        (
            invited,
            f"{invited} {'person was' if invited == 1 else 'people were'} invited and never signed in",
            "/admin/people?state=invited",
        ),
        (not figures.departments, "There is no department yet", "/admin/departments"),
    )
    return [(text, url) for is_so, text, url in said if is_so]


def _audit_line(entry: AuditEntry, actor: Person | None) -> AuditLine:
    detail = "; ".join(value if name == "changes" else f"{name}: {value}" for name, value in entry.detail.items())
    return AuditLine(
        at=entry.at,
        actor=link_to(actor) if actor else None,
        is_command_line=entry.actor_id is None,
        act=entry.act,
        subject=entry.subject,
        detail=detail,
    )
