"""Links to items are left open when a text is stored, and filled for each reader when it is shown."""

import pytest

from portal.core.markdown import fill_items, items_in, render


@pytest.mark.parametrize(
    ("source", "link"),
    [
        ("[[12]]", '<a data-item="12"></a>'),
        ("[[12|the *new* price]]", '<a data-item="12">the <em>new</em> price</a>'),
        ("[price](item:12)", '<a data-item="12">price</a>'),
        ("[price](item:12#who-signs)", '<a data-item="12" data-anchor="h-who-signs">price</a>'),
        ("[[12#h-who]]", '<a data-item="12" data-anchor="h-who"></a>'),
        ("[a][b]\n\n[b]: item:12", '<a data-item="12">a</a>'),
    ],
)
def test_links_to_items_have_no_address(source: str, link: str) -> None:
    rendered = render(source)
    assert rendered.html == f"<p>{link}</p>"
    assert rendered.item_ids == (12,)


@pytest.mark.parametrize("source", ["`[[12]]`", "```\n[[12]] [a](item:12)\n```", "    [[12]]", "\\[[12]]", "[[0]]"])
def test_code_and_escapes_name_no_item(source: str) -> None:
    rendered = render(source)
    assert rendered.item_ids == ()
    assert "data-item" not in rendered.html


@pytest.mark.parametrize("address", ["item:", "item:x", "item:-1", "item:0", "item:1 2", "item:" + "9" * 40])
def test_addresses_that_name_no_item_lead_nowhere(address: str) -> None:
    rendered = render(f"[a]({address})")
    assert rendered.item_ids == ()
    assert "href" not in rendered.html
    assert "data-item" not in rendered.html


def test_ids_stand_in_order_and_once() -> None:
    rendered = render("[[30]] ![a](file:8) [[4]] [x](item:30) [y](file:2) ![b](/files/8/c.png)\n\n# [[5]]")
    assert rendered.item_ids == (30, 4, 5)
    assert rendered.file_ids == (8, 2)


def test_what_the_reader_may_see_gets_address_and_title() -> None:
    html = render("[[12]], [[12|words]], [x](item:12#who), [[13]]").html
    filled = fill_items(html, {12: ("/objections/12-a?b&c", "Too <dear>"), 13: ("/objections/9#answer-13", "Ans")})
    assert filled == (
        '<p><a href="/objections/12-a?b&amp;c">Too &lt;dear&gt;</a>, <a href="/objections/12-a?b&amp;c">words</a>, '
        '<a href="/objections/12-a?b&amp;c#h-who">x</a>, <a href="/objections/9#answer-13">Ans</a></p>'
    )


def test_what_the_reader_may_not_see_is_gone_with_its_words() -> None:
    html = render("[[12|secret *plan*]] and [[13]]").html
    assert fill_items(html, {13: ("/x", "X")}) == (
        '<p><span class="gone">an item you cannot see</span> and <a href="/x">X</a></p>'
    )


def test_only_links_that_the_renderer_made_are_filled() -> None:
    typed = '<a data-item="12" href="/y">x</a> &lt;a data-item="12"&gt; `<a data-item="12"></a>`'
    html = render(typed).html
    assert '<a data-item="12"' not in html
    assert fill_items(html, {12: ("/x", "X")}) == html


def test_an_anchor_of_an_item_needs_no_knowledge_of_the_prefix() -> None:
    html = render("# Price\n\n[a](#price) [b](item:3#price)").html
    assert 'href="#h-price"' in html
    assert fill_items(html, {3: ("/playbooks/3", "P")}).count("/playbooks/3#h-price") == 1


def test_an_anchor_cannot_leave_its_attribute() -> None:
    html = render('[a](<item:3#x"onclick=y>) [b](item:3#<b>)').html
    assert "onclick" not in fill_items(html, {3: ("/p", "P")}).replace("&quot;onclick", "")
    assert "<b" not in fill_items(html, {3: ("/p", "P")})


def test_a_link_inside_a_link_is_left_alone() -> None:
    html = render('<a href="item:1">x<table><tr><td><a href="item:2">y</a></td></tr></table></a>').html
    filled = fill_items(html, {2: ("/two", "Two")})
    assert '<a href="/two">y</a>' in filled
    assert filled.count("<a") == filled.count("</a>")


def test_items_are_gathered_from_several_texts() -> None:
    assert items_in(render("[[3]] [a](item:4#b)").html, render("`[[5]]` [[3|c]]").html, "") == {3, 4}
