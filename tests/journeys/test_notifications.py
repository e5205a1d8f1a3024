"""The bell lights up everywhere at once; the list and the preferences live, in real browsers."""

import re
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from playwright.sync_api import Locator, Page, expect

from hub.alerts.queries import wanted_of
from hub.notifications import writer
from hub.notifications.actions import set_preferences
from hub.notifications.models import Kind, Notification
from hub.notifications.queries import total_unread, wishes_of
from hub.notifications.rules import CHOSEN, Wish
from tests.journeys.conftest import Enter, Talk
from tests.notifications.conftest import tell, tell_town

PHONE: dict[str, Any] = {"viewport": {"width": 320, "height": 640}}


def bell(page: Page) -> Locator:
    return page.get_by_role("link", name=re.compile("Notifications non lues"))


def expect_count(page: Page, count: int) -> None:
    """In the bell, for eyes and for ears, and in the title."""
    expect(bell(page)).to_have_attribute("aria-label", f"Notifications non lues\u00a0: {count}")
    number = bell(page).locator("[data-notifications]")
    if count:
        expect(number).to_have_text(str(count))
        expect(page).to_have_title(re.compile(rf"^\({count}\) "))
    else:
        expect(number).to_be_hidden()
        expect(page).not_to_have_title(re.compile(r"^\("))


def entries(page: Page) -> Locator:
    return page.locator("[data-part=notifications] li")


def online(page: Page) -> None:
    """Until the page hears what happens."""
    page.wait_for_function(
        """async () => {
            const module = document.querySelector('script[type=module][src*="js/bell."]').src;
            const address = (await (await fetch(module)).text()).match(/client\\.[0-9a-f]+\\.js/)[0];
            return (await import(new URL(address, module))).live.state === "online";
        }"""
    )


def test_the_bell_lights_up_in_every_tab_and_on_every_device(talk: Talk, enter: Enter) -> None:
    tab = enter(talk.citizen, "/compte/")
    other_tab = tab.context.new_page()
    other_tab.goto("/communes/")
    phone = enter(talk.citizen, "/messages/", **PHONE)
    pages = (tab, other_tab, phone)
    for page in pages:
        online(page)
        expect_count(page, 0)
    tell(talk.town, talk.citizen, actor=talk.mayor, code="mention", kind=Kind.GROUP_MESSAGES, title="Le marché")
    for page in pages:
        expect_count(page, 1)
    tell_town(talk.town, talk.mayor)
    for page in pages:
        expect_count(page, 2)
    tell(talk.town, talk.citizen, actor=talk.mayor, code="mention", kind=Kind.GROUP_MESSAGES, title="Le marché")
    for page in pages:
        expect_count(page, 3)
        page.reload()
        expect_count(page, 3)


def test_ones_own_news_and_unwanted_kinds_ring_for_nobody(talk: Talk, enter: Enter) -> None:
    set_preferences(actor=talk.citizen, wishes={Kind.NEW_GROUP: Wish(site=False, email=False)})
    mayor = enter(talk.mayor, f"/mairie/{talk.town.slug}/messages/")
    citizen = enter(talk.citizen, "/compte/")
    before = total_unread(talk.mayor.pk)
    for page in (mayor, citizen):
        online(page)
    tell_town(talk.town, talk.mayor)
    tell(talk.town, talk.citizen, talk.mayor, kind=Kind.GROUP_MESSAGES, code="group_closed", title="Le marché")
    expect_count(mayor, before + 1)
    expect_count(citizen, 1)


def test_the_list_lives_leads_there_and_is_emptied_everywhere(talk: Talk, enter: Enter) -> None:
    desk, phone = enter(talk.citizen, "/notifications/"), enter(talk.citizen, "/notifications/", **PHONE)
    for page in (desk, phone):
        expect(page.get_by_role("heading", name="Rien de nouveau")).to_be_visible()
        online(page)
    path = f"/messages/{talk.conversation.pk}/"
    tell(
        talk.town, talk.citizen, actor=talk.mayor, code="reply", kind=Kind.GROUP_MESSAGES, title="Le marché", path=path
    )
    tell_town(talk.town, talk.mayor, title="Les vélos")
    for page in (desk, phone):
        expect(entries(page)).to_have_count(2)
        expect(entries(page).first).to_contain_text("Hélène Carpentier a ouvert le groupe")
        expect(entries(page).nth(1)).to_contain_text("Non lue")

    phone.get_by_role("link", name="Hélène Carpentier vous a répondu").click()
    phone.wait_for_url(f"**{path}")
    expect(entries(desk).nth(1)).not_to_contain_text("Non lue")
    expect(entries(desk).first).to_contain_text("Non lue")
    expect_count(desk, 1)

    phone.goto("/notifications/")
    phone.get_by_role("link", name="Supprimer toutes les notifications").click()
    expect(phone.get_by_role("link", name="Garder mes notifications")).to_be_visible()
    phone.get_by_role("button", name="Tout supprimer").click()
    expect(phone.get_by_text("Toutes vos notifications sont supprimées.")).to_be_visible()
    for page in (desk, phone):
        expect(page.get_by_role("heading", name="Rien de nouveau")).to_be_visible()
        expect_count(page, 0)
    for row in Notification.objects.filter(person=talk.citizen):
        assert row.deleted_at is not None
        assert row.broadcast is not None
        writer.write(row.broadcast.pk, for_s=10)
    desk.reload()
    expect_count(desk, 0)


def test_all_is_marked_as_read(talk: Talk, enter: Enter) -> None:
    tell(talk.town, talk.citizen, actor=talk.mayor)
    page = enter(talk.citizen, "/notifications/")
    page.get_by_role("button", name="Tout marquer comme lu").click()
    expect(page.get_by_role("button", name="Tout marquer comme lu")).to_be_hidden()
    expect_count(page, 0)


def test_preferences_are_saved_as_they_are_ticked(talk: Talk, enter: Enter) -> None:
    page = enter(talk.citizen, "/compte/")
    page.get_by_role("link", name="Notifications", exact=True).click()
    expect(page.get_by_role("button", name="Enregistrer", exact=True)).to_be_hidden()
    page.evaluate("window.stayed = true")
    page.get_by_role("checkbox", name="Nouveau groupe Par courriel").check()
    expect(page.get_by_role("status").filter(has_text="Enregistré à")).to_be_visible()
    page.get_by_role("checkbox", name="Messages privés Sur le site").focus()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("Space")
    assert page.evaluate("window.stayed") is True
    assert wishes_of(talk.citizen) == {
        **dict.fromkeys(CHOSEN, Wish(site=True, email=False)),
        Kind.NEW_GROUP: Wish(site=True, email=True),
        Kind.PRIVATE_MESSAGES: Wish(site=False, email=True),
    }
    with page.expect_response(lambda answer: answer.url.endswith(f"/notifications/alertes/{talk.town.slug}/")):
        page.get_by_role("switch", name="Toutes les thématiques").check()
    assert wanted_of(talk.citizen, talk.town).all_themes
    page.reload()
    expect(page.get_by_role("switch", name="Toutes les thématiques")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Nouveau groupe Par courriel")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Messages privés Sur le site")).not_to_be_checked()


def test_what_could_not_be_saved_is_said_and_may_be_tried_again(talk: Talk, enter: Enter) -> None:
    page = enter(talk.citizen, "/notifications/preferences/")
    page.context.set_offline(True)
    page.get_by_role("checkbox", name="Nouveau groupe Par courriel").check()
    expect(page.get_by_role("status").filter(has_text="Non enregistré")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("Enregistré à")).to_be_visible()
    assert wishes_of(talk.citizen)[Kind.NEW_GROUP] == Wish(site=True, email=True)


def test_preferences_need_no_script(talk: Talk, enter: Enter) -> None:
    page = enter(talk.citizen, "/notifications/preferences/", java_script_enabled=False)
    page.get_by_role("checkbox", name="Messages des groupes Sur le site").uncheck()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("Enregistré à")).to_be_visible()
    assert wishes_of(talk.citizen)[Kind.GROUP_MESSAGES] == Wish(site=False, email=False)


COUNTING = """async ([address, steps]) => {
    const { BellCount } = await import(address);
    const bell = new BellCount(7, ["new_group"]);
    return steps.map(([act, ...given]) => (bell[act](...given), bell.total));
}"""
NEWS = {"kind": "new_group", "actor": {"id": 3, "name": "Hélène"}}


@pytest.mark.parametrize(
    ("steps", "totals"),
    [
        pytest.param([("hear", "a", 1, NEWS), ("take", 1, {"a": 1})], [1, 1], id="heard first, then counted"),
        pytest.param([("take", 1, {"a": 1}), ("hear", "a", 1, NEWS)], [1, 1], id="counted first, then heard"),
        pytest.param([("hear", "a", 1, NEWS), ("take", 1, {})], [1, 2], id="counted before it was told"),
        pytest.param([("hear", "a", 1, NEWS), ("hear", "a", 1, NEWS)], [1, 1], id="heard twice"),
        pytest.param([("hear", "a", 1, NEWS), ("hear", "b", 1, NEWS)], [1, 2], id="of two towns"),
        pytest.param([("hear", "a", 1, {**NEWS, "actor": {"id": 7, "name": "Moi"}})], [0], id="one's own act"),
        pytest.param([("hear", "a", 1, {**NEWS, "actor": None})], [1], id="nobody's act"),
        pytest.param([("hear", "a", 1, {**NEWS, "kind": "group_messages"})], [0], id="not wanted"),
        pytest.param([("take", 4, {"a": 5}), ("take", 9, {"a": 4})], [4, 4], id="an older count is not taken"),
    ],
)
def test_nothing_is_counted_twice_in_whichever_order_it_is_heard(
    talk: Talk, enter: Enter, steps: list[tuple[Any, ...]], totals: list[int]
) -> None:
    page = enter(talk.citizen, "/compte/")
    address = staticfiles_storage.url("js/bell_count.js")
    found = page.evaluate(COUNTING, [address, [list(step) for step in steps]])
    assert found == totals
