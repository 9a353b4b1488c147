"""What the page must look like on a telephone and a desktop, in the light and in the dark."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPhone
from tests.browser.station import PASSWORD

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1366, "height": 768}
SMALL = {"width": 375, "height": 667}

CONTRASTS = """() => {
  const rgb = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = rgb(colour).map((v) => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (rgb(colour).length === 3 || rgb(colour)[3] === 1) return colour;
    }
    throw new Error("no background");
  };
  const found = [];
  for (const element of document.body.querySelectorAll("*")) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !element.checkVisibility({visibilityProperty: true})) continue;
    const pair = [light(getComputedStyle(element).color), light(ground(element))].sort((a, b) => b - a);
    found.push([element.textContent.trim().slice(0, 20), (pair[0] + 0.05) / (pair[1] + 0.05)]);
  }
  return found;
}"""

BOXES = """() => Object.fromEntries([...document.querySelectorAll("button.key, #call, #hang-up, #sentence, #lines,"
  + " #state, #waiting, #texts, #text-list, #number, #silence, #say, #customers")].map((e) => {
    const {x, y, width, height} = e.getBoundingClientRect();
    return [e.id || e.dataset.key, e.id === "state" || e.id === "text-list" ? [y] : [x, y, width, height]];
  }))"""


def into_a_call(page: Page) -> None:
    page.locator("#call").click()
    expect(page.locator("#state")).to_have_attribute("data-phase", "live")
    expect(page.locator(".line.lit")).to_have_count(1)


def everything_happens(page: Page) -> None:
    """Lines, keys, silence, a text, a refusal-sized notice."""
    into_a_call(page)
    page.keyboard.press("1")
    expect(page.locator(".line.say")).to_have_count(2)
    page.keyboard.type(PASSWORD)
    expect(page.locator(".text .code").first).to_be_attached()
    expect(page.locator("#waiting.on")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_text_stands_out_from_its_ground(open_phone: OpenPhone, scheme: str, viewport: dict[str, int]) -> None:
    page = open_phone(color_scheme=scheme, viewport=viewport).page
    into_a_call(page)
    page.locator("#customers summary").click()
    contrasts: list[tuple[str, float]] = page.evaluate(CONTRASTS)
    assert len(contrasts) > 30
    assert [one for one in contrasts if one[1] < 4.5] == []
    page.keyboard.press("?")
    assert [one for one in page.evaluate(CONTRASTS) if one[1] < 4.5] == []


def test_on_a_small_telephone_everything_a_call_needs_is_in_view_and_thumb_sized(open_phone: OpenPhone) -> None:
    page = open_phone(viewport=PHONE).page
    into_a_call(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for selector in ("#peer", "#state", "#duration", ".line.lit", "#waiting", "#call", "#hang-up", "#sentence", "#say"):
        expect(page.locator(selector)).to_be_in_viewport(ratio=1)
    for key in page.locator(".key").all():
        expect(key).to_be_in_viewport(ratio=1)
        box = key.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    page.keyboard.press("l")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert (
        page.evaluate("[...document.querySelectorAll('button')].filter((b) => b.scrollWidth > b.clientWidth).length")
        == 0
    )


def test_a_desktop_shows_the_call_without_scrolling(open_phone: OpenPhone) -> None:
    page = open_phone(viewport=DESKTOP).page
    everything_happens(page)
    size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size == [DESKTOP["width"], DESKTOP["height"]]
    columns = [page.locator(one).bounding_box() for one in ("#pad", "#lines", "#texts")]
    edges = [(box["x"], box["x"] + box["width"]) for box in columns if box]
    assert edges[0][1] < edges[1][0]
    assert edges[1][1] < edges[2][0]


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_moves_when_lines_and_texts_arrive(open_phone: OpenPhone, viewport: dict[str, int]) -> None:
    page = open_phone(viewport=viewport).page
    before: dict[str, Any] = page.evaluate(BOXES)
    everything_happens(page)
    assert page.evaluate(BOXES) == before
    page.locator("#lines").evaluate(
        "({firstChild: list}) => { for (let i = 0; i < 60; i++) list.append(list.lastChild.cloneNode(true)); }"
    )
    assert page.evaluate(BOXES) == before


def test_every_control_has_a_name_and_every_button_says_its_key(open_phone: OpenPhone) -> None:
    page = open_phone().page
    page.locator("#customers summary").click()
    tree = page.locator("body").aria_snapshot()
    unnamed = [
        line
        for line in tree.splitlines()
        if line.strip().rstrip(":") in ("- button", "- textbox", "- combobox", "- link")
    ]
    assert unnamed == []
    keyless = "[...document.querySelectorAll('main button, header button')].filter((b) => !b.querySelector('kbd'))"
    names = page.evaluate(f"{keyless}.filter((b) => !b.matches('.key, .customer button')).map((b) => b.id)")
    assert names == []
    for key in ("1", "2 ABC", "星号", "井号"):
        expect(page.locator("#pad").get_by_role("button", name=key, exact=True)).to_have_count(1)
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))


def test_nothing_moves_by_itself_where_motion_is_not_wanted(open_phone: OpenPhone) -> None:
    page = open_phone(reduced_motion="reduce").page
    page.locator("#call").evaluate("(button) => button.classList.add('rings')")
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_a_small_telephone_leaves_room_for_the_talk_and_cuts_no_word(open_phone: OpenPhone, locale: str) -> None:
    page = open_phone(viewport=SMALL, locale=locale, has_touch=True, is_mobile=True).page
    page.locator("#customer").select_option("anonymous")
    cut = (
        "(select) => { const c = document.createElement('canvas').getContext('2d'); const s = getComputedStyle(select);"
    )
    cut += " c.font = s.font; return c.measureText(select.selectedOptions[0].text).width + 28 > select.clientWidth; }"
    assert not page.locator("#customer").evaluate(cut)
    assert page.locator("kbd:visible").count() == 0
    talk, caller = page.locator("#lines").bounding_box(), page.locator(".caller").bounding_box()
    assert talk is not None
    assert caller is not None
    assert talk["height"] >= 160
    assert talk["y"] - caller["y"] - caller["height"] < 12
    assert page.evaluate("document.documentElement.scrollWidth") == SMALL["width"]
    expect(page.locator("#sentence")).to_be_in_viewport(ratio=1)


def test_a_notice_covers_no_line_of_the_talk(open_phone: OpenPhone) -> None:
    page = open_phone(viewport=SMALL).page
    everything_happens(page)
    page.locator("#lines").evaluate("(list) => list.scrollTo(0, 0)")
    notice, line = page.locator(".notice").bounding_box(), page.locator(".line").first.bounding_box()
    assert notice is not None
    assert line is not None
    assert line["y"] >= notice["y"] + notice["height"] - 1  # the hairline they share


def test_what_is_being_said_stays_in_view_when_a_notice_takes_room(open_phone: OpenPhone) -> None:
    page = open_phone(viewport=SMALL).page
    everything_happens(page)
    expect(page.locator("#newest")).to_be_visible()
    page.wait_for_function(
        "() => { const log = document.getElementById('lines');"
        " return log.scrollHeight - log.scrollTop - log.clientHeight < 2; }"
    )


@pytest.mark.parametrize("viewport", [PHONE, SMALL], ids=["360", "375"])
def test_what_a_thumb_presses_during_a_call_is_large_enough(open_phone: OpenPhone, viewport: dict[str, int]) -> None:
    page = open_phone(viewport=viewport, locale="en-GB").page
    everything_happens(page)
    for target in (page.locator("#newest"), page.locator("#silence"), *page.locator("button:visible").all()):
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, target
    for selector in ("#newest", "#silence"):
        reached = "(e) => { const {x, y, width, height} = e.getBoundingClientRect(); return [1, height - 1]"
        reached += ".every((down) => e.contains(document.elementFromPoint(x + width / 2, y + down))); }"
        assert page.locator(selector).evaluate(reached), f"{selector} is covered or cut"


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_on_a_small_telephone_no_state_of_a_call_is_cut(open_phone: OpenPhone, locale: str) -> None:
    page = open_phone(viewport=PHONE, locale=locale).page
    cut = """async () => {
      const { word } = await import("/phone/static/words.js");
      const { ZH } = await import("/phone/static/words_zh.js");
      const state = document.getElementById("state");
      return Object.keys(ZH).filter((key) => /^(phase|ended)\\./.test(key)).filter((key) => {
        state.dataset.phase = key.startsWith("ended") ? "ended" : "live";
        state.textContent = word(key);
        return state.scrollWidth > state.clientWidth;
      });
    }"""
    assert page.evaluate(cut) == []
