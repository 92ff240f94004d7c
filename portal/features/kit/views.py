"""Doors of the own kit: stars, saved searches, and the own history, which its owner can clear."""

from flask.typing import ResponseReturnValue

from portal.core.access import signed_in
from portal.core.errors import Invalid
from portal.core.web import Door, Feature, go, page, say
from portal.features.kit.pages import KitPage, RecentSearch, SavedRow, SaveForm, StarButton
from portal.shared.finding.finder import Finder
from portal.shared.finding.history_operations import clear_history, clear_search
from portal.shared.finding.kit_operations import remove_saved, save_search, star_item, unstar_item
from portal.shared.finding.kit_queries import list_kept, list_recent, list_saved
from portal.shared.finding.pages import search_url

feature = Feature("kit", private=True)

KIT = "/me/kit"


@feature.get(KIT, allow=signed_in)
def kit(door: Door) -> ResponseReturnValue:
    """Starred things with the words to say, what was opened lately, saved and recent searches."""
    session, actor = door.session, door.actor
    kept = list_kept(session, actor)
    rows = {row.key: row for row in door.service(Finder).rows(session, actor, sorted({one.key for one in kept}))}
    starred = {one.key for one in kept if one.is_starred}
    content = KitPage(
        starred=[rows[one.key] for one in kept if one.is_starred and one.key in rows],
        opened=[rows[one.key] for one in kept if one.key not in starred and one.key in rows],
        saved=[
            SavedRow(one.name, one.query, search_url(one.query), f"/me/saved/{one.id}/remove")
            for one in list_saved(session, actor)
        ],
        recent=[
            RecentSearch(one.words, search_url(one.words), one.found, one.at, f"/me/searches/{one.id}/clear")
            for one in list_recent(session, actor)
        ],
    )
    return page("kit/kit.html", content)


@feature.post("/items/<int:item_id>/star", allow=signed_in)
def star(door: Door, item_id: int) -> ResponseReturnValue:
    """Keep at hand or put back: `starred` is yes or no, the state that is wanted, so that a repeat changes nothing."""
    actor, is_wanted = door.actor, door.fields.values.get("starred") != "no"
    if is_wanted:
        door.write(lambda session: star_item(session, actor, item_id))
    else:
        door.write(lambda session: unstar_item(session, actor, item_id))
    if door.is_fragment:
        return page("kit/star.html", StarButton(f"/items/{item_id}/star", is_wanted))
    return go(door.came_from())


@feature.post("/me/saved", allow=signed_in)
def save(door: Door) -> ResponseReturnValue:
    """Give the search `query` a name; back to its results."""
    fields, actor = door.fields, door.actor
    query = fields.line("query", "Search", required=True, most=400)
    name = fields.line("name", "Name", most=80) or query[:80]
    try:
        fields.check()
        saved = door.write(lambda session: save_search(session, actor, name, query))
    except Invalid as refused:
        return page("kit/save.html", SaveForm(fields.values, refused.errors), 422)
    say(f"“{saved.name}” is kept on your front page and in your kit.")
    return go(search_url(saved.query))


@feature.post("/me/saved/<int:saved_id>/remove", allow=signed_in)
def remove(door: Door, saved_id: int) -> ResponseReturnValue:
    """Remove a saved search."""
    actor = door.actor
    door.write(lambda session: remove_saved(session, actor, saved_id))
    say("The saved search is removed.")
    return go(KIT)


@feature.post("/me/searches/clear", allow=signed_in)
def clear_all(door: Door) -> ResponseReturnValue:
    """Forget whose the own searches were, all of them."""
    actor = door.actor
    door.write(lambda session: clear_history(session, actor))
    say("Your searches are cleared. They count on without your name.")
    return go(KIT)


@feature.post("/me/searches/<int:search_id>/clear", allow=signed_in)
def clear_one(door: Door, search_id: int) -> ResponseReturnValue:
    """The same for one search."""
    actor = door.actor
    door.write(lambda session: clear_search(session, actor, search_id))
    return go(KIT)
