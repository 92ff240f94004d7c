"""Acts around playbooks: writing, edits, links to what came later, a manager's word for it."""

import re
from collections.abc import Iterator
from functools import partial

from portal.core.access import Actor
from portal.demo.asked import verify
from portal.demo.checks import FILE, LINK
from portal.demo.moments import Offset
from portal.demo.play import Act, Play
from portal.demo.story import Obsolete, PlaybookEdit, Story, StoryPlaybook
from portal.features.playbooks import move_operations, operations, shelf_operations
from portal.features.playbooks.forms import ObsoleteInput, PlaybookInput
from portal.features.playbooks.models import Playbook
from portal.features.playbooks.policy import may_write
from portal.shared.files.operations import upload_file
from portal.shared.files.sniffing import check_file

LINKED = "links to newer pages"


def acts_of(story: Story) -> Iterator[Act]:
    """Everything that happens to playbooks, but for the votes."""
    posted = {one.key: one.at for one in story.asked} | {one.key: one.at for one in story.playbooks}
    for playbook in story.playbooks:
        yield Act(playbook.at, partial(_write, playbook=playbook))
        for edit in playbook.edits:
            yield Act(edit.at, partial(_edit, playbook=playbook, edit=edit))
        if (at := _time_of_links(playbook, posted)) is not None:
            author = _keeper(story, playbook, at)
            edit = PlaybookEdit(at, author, LINKED, playbook.last)
            yield Act(at, partial(_edit, playbook=playbook, edit=edit))
        if playbook.verified is not None:
            yield Act(playbook.verified.at, partial(verify, key=playbook.key, verified=playbook.verified))
        if playbook.next is not None:
            yield Act(playbook.next.at, partial(_propose, playbook=playbook, edit=playbook.next))
        if playbook.obsolete is not None:
            yield Act(playbook.obsolete.at, partial(_replace, key=playbook.key, obsolete=playbook.obsolete))


def _write(play: Play, playbook: StoryPlaybook) -> None:
    """A rep's page is published by the manager of the team, since playbooks are curated; the rep is its author."""
    author = play.actors[playbook.by]
    actor = author if may_write(author) else play.actors[play.story.people[playbook.by].manager]
    prepared = _prepared(play, playbook, _with_files(play, actor, playbook.first), "")
    if playbook.is_draft:
        row = operations.draft_playbook(play.session, author, prepared)
        play.items[playbook.key], play.versions[playbook.key] = row.id, row.version
        return
    row = Playbook(author_id=author.person_id, owner_id=author.person_id, status="published")
    operations.publish_first(play.session, actor, row, prepared, prepared.snapshot())
    there = [key for key in playbook.contributors if play.story.people[key].is_there(playbook.at)]
    operations.credit_contributors(play.session, row, [play.people[key] for key in there])
    play.items[playbook.key], play.versions[playbook.key] = row.id, row.version


def _edit(play: Play, playbook: StoryPlaybook, edit: PlaybookEdit) -> None:
    """Save an edit; the words of a contributor, who may not save, are taken in by the author and credited."""
    editor, reason = edit.by, edit.reason
    if editor != playbook.by and play.story.people[editor].role != "manager":
        editor, reason = playbook.by, f"From {play.story.people[edit.by].name}: {edit.reason}"
    text = _with_files(play, play.actors[editor], edit.after)
    row = _save(play, playbook.key, editor, _prepared(play, playbook, text, reason))
    operations.credit_contributors(play.session, row, [play.people[edit.by]])
    play.versions[playbook.key] = row.version


def _save(play: Play, key: str, editor: str, prepared: operations.PreparedPlaybook) -> Playbook:
    """Publish an edit; a rep's is looked at and approved by the manager of the team."""
    session, actor, number, version = play.session, play.actors[editor], play.items[key], play.versions[key]
    if may_write(actor):
        return operations.edit_playbook(session, actor, number, prepared, version)
    operations.draft_edit(session, actor, number, prepared, version)
    move_operations.send_for_review(session, actor, number, version + 1)
    manager = play.actors[play.story.people[editor].manager]
    return move_operations.publish_text(session, manager, number, version + 1, prepared, verb="approve")


def _propose(play: Play, playbook: StoryPlaybook, edit: PlaybookEdit) -> None:
    """Send the next text for review; nobody has decided yet."""
    actor, number = play.actors[edit.by], play.items[playbook.key]
    prepared = _prepared(play, playbook, edit.after, edit.reason)
    row = operations.draft_edit(play.session, actor, number, prepared, play.versions[playbook.key])
    move_operations.send_for_review(play.session, actor, number, row.version)
    play.versions[playbook.key] = row.version


def _replace(play: Play, key: str, obsolete: Obsolete) -> None:
    given = ObsoleteInput(play.items[obsolete.successor], "")
    shelf_operations.make_obsolete(play.session, play.actors[obsolete.by], play.items[key], given)


def _prepared(play: Play, playbook: StoryPlaybook, text: str, reason: str) -> operations.PreparedPlaybook:
    """The page with its links to what is there by now; the words of a link to what comes later stand alone."""

    def link(found: re.Match[str]) -> str:
        item_id = play.items.get(found["key"])
        return f"[{found['words']}](item:{item_id}{found['anchor'] or ''})" if item_id else found["words"]

    given = PlaybookInput(
        title=playbook.title,
        text=LINK.sub(link, text),
        stage=playbook.stage,
        tags=playbook.tags,
        reason=reason,
    )
    return operations.prepare_playbook(given)


def _with_files(play: Play, actor: Actor, text: str) -> str:
    """The text with its files, which whoever writes it puts in where nobody has yet."""

    def link(found: re.Match[str]) -> str:
        name = found["name"]
        if name not in play.files:
            checked = check_file(name, play.story.files[name])
            play.files[name] = upload_file(play.session, actor, checked, play.store.keep(checked.data)).id
        return f"](file:{play.files[name]})"

    return FILE.sub(link, text)


def _time_of_links(playbook: StoryPlaybook, posted: dict[str, Offset]) -> Offset | None:
    """When the last of the pages that it names is there: the day after, at ten; None where its last edit knew them."""
    named = [posted[link["key"]] for link in LINK.finditer(playbook.last)]
    saved = playbook.edits[-1].at if playbook.edits else playbook.at
    newest = max(named, default=saved)
    if newest <= saved:
        return None
    return max(Offset(min(newest.day + 1, -1), 10 * 60), newest.later(0, newest.minute + 1))


def _keeper(story: Story, playbook: StoryPlaybook, at: Offset) -> str:
    """The author, or where the author has left, the manager who verified the page, or the first manager there is."""
    if story.people[playbook.by].is_there(at):
        return playbook.by
    managers = [one.key for one in story.people.values() if one.role == "manager"]
    return playbook.verified.by if playbook.verified else managers[0]
