"""Every page of the portal with something on it, by who opens it."""

import re
from collections.abc import Mapping, Sequence

from flask import Flask

from portal.settings import Settings
from tests.stories.company import DRAFT, Company

GONE = ("/nothing-here", "/reset/a-link-that-is-gone")
INVITATION = re.compile(r"/invitation/\S+")


def pages_of_manager(company: Company) -> Sequence[str]:
    """What everybody may open, and what needs a manager, as Priya sees it."""
    dear, answer, playbook = company.dear_url, company.answer_url, company.playbook_url
    return (
        "/",
        *("/search", "/search?q=too+expensive", "/search?q=zirconium+lids", "/search?q=%2Bprice+nonsense%3Ax"),
        *("/search/ask?title=zirconium&as=question", f"/answers/{company.answer.id}"),
        *(f"/playbooks/promote?answer={company.answer.id}", f"{playbook}/edit?promote={company.answer.id}"),
        *("/me/kit", "/gaps", "/gaps?is=declined", "/gaps?is=closed", "/words", f"/words/{company.words.id}"),
        *("/objections", "/objections?is=unanswered", "/objections?category=price", "/objections/new"),
        *(dear, f"{dear}/similar", f"{dear}/edit", f"{dear}/history", f"{dear}/history/1"),
        *(f"{answer}/edit", f"{answer}/history", f"{answer}/history/1"),
        *("/questions", "/questions?is=unanswered", "/questions/new", company.question_url),
        *("/playbooks", "/playbooks?tag=dairy", "/playbooks?tag=nothing", "/playbooks/new"),
        *(playbook, f"{playbook}/similar", f"{playbook}/edit"),
        *(f"{playbook}/history", f"{playbook}/history/1", f"{playbook}/history/2"),
        *("/playbooks/drafts", "/playbooks/reviews", "/playbooks/archive", "/playbooks/bin"),
        *("/playbooks/bulk", "/playbooks/bulk?is=stale", "/playbooks/bulk/1"),
        *(company.waiting_url, *(f"{company.waiting_url}/{rest}" for rest in ("next", "edit", "history", "obsolete"))),
        *("/paths", "/paths?tag=nothing", "/paths/new"),
        *(company.path_url, f"{company.path_url}/edit", f"{company.path_url}/history", f"{company.path_url}/history/1"),
        *(f"{url}/print" for url in (dear, playbook, company.question_url, f"{company.path_url}")),
        *(f"{dear}/print?internal=yes", f"{company.path_url}/print?internal=yes"),
        *("/playbooks/new?template=1", "/playbooks/templates", "/playbooks/templates/new", "/playbooks/templates/1"),
        *(f"/items/{one.id}/trust" for one in (company.answer, company.waiting)),
        *("/people", "/people?q=nobody", f"/people/{company.dana.id}-{company.dana.slug}"),
        *("/departments", f"/departments/{company.department.slug}", f"/teams/{company.team.slug}"),
        *("/me/drafts", f"/me/drafts/{DRAFT}", f"{company.waiting_url}/edit?draft={DRAFT}"),
        *(f"/answers/{company.answer.id}/edit", f"{company.question_url}/answers"),
        *("/me", "/me/kit", "/me/reports", f"/items/{company.answer.id}/flag"),
        *("/review", "/review?at=end", "/monday", "/monday?at=end"),
        *("/gaps", "/gaps?is=declined", "/words", "/files/new", "/export", GONE[0]),
    )


def pages_of_admin(company: Company, app: Flask) -> Sequence[str]:
    """Administration, as Ada sees it."""
    settings: Settings = app.extensions["fieldhouse"][Settings]
    mail = next(settings.mail_dir.iterdir()).name
    return (
        *("/admin", "/admin/people", "/admin/people?q=nobody", "/admin/people/invite"),
        *(f"/admin/people/{one.id}" for one in (company.dana, company.invited)),
        *(f"/admin/people/{one.id}/handover" for one in (company.priya, company.invited)),
        "/admin/handovers/2",
        *("/admin/departments", f"/admin/departments/{company.department.id}"),
        *("/admin/teams", f"/admin/teams/{company.team.id}"),
        *("/admin/vocabularies/stage", "/admin/vocabularies/category", "/admin/vocabularies/tag_kind"),
        f"{company.waiting_url}/redaction",
        *("/admin/settings", "/admin/jobs", "/admin/mails", f"/admin/mails/{mail}", "/admin/audit"),
    )


def pages_of_stranger(app: Flask) -> Sequence[str]:
    """What stands before the door."""
    settings: Settings = app.extensions["fieldhouse"][Settings]
    mails = [path.read_text("utf-8").replace("=\n", "").replace("=3D", "=") for path in settings.mail_dir.iterdir()]
    invitation = next(found[0] for text in mails if (found := INVITATION.search(text)))
    return ("/login", "/reset", GONE[1], invitation)


def every_page(company: Company, app: Flask) -> Mapping[str, Sequence[str]]:
    """Paths by mail address; the empty one is a stranger."""
    return {
        company.priya.email: pages_of_manager(company),
        company.ada.email: pages_of_admin(company, app),
        "": pages_of_stranger(app),
    }
