"""Which way a picture leaves the page, by what browsers say of themselves and what they can do."""

import pytest
from export.route import DOWNLOAD, ELSEWHERE, FRAMED, SHARE, choose_route

IOS = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8{}) AppleWebKit/537.36 {}Chrome/125 Mobile Safari/537.36"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15"
SAFARI = IOS + "Version/17.5 Mobile/15E148 Safari/604.1"
VIEW_IOS = IOS + "Mobile/15E148"

IN_APPS = {
    "instagram": VIEW_IOS + " Instagram 334.0.4.32.98 (iPhone15,2; iOS 17_5)",
    "facebook": VIEW_IOS + " [FBAN/FBIOS;FBAV/465.0.0.41.103;FBBV/602060281]",
    "facebook-android": ANDROID.format("; wv", "Version/4.0 ") + " [FB_IAB/FB4A;FBAV/465.0.0.41.103;]",
    "wechat": ANDROID.format("; wv", "Version/4.0 ") + " MMWEBID/1 MicroMessenger/8.0.49.2600 WeChat/arm64",
    "wechat-ios": VIEW_IOS + " MicroMessenger/8.0.49(0x18003137) NetType/WIFI Language/zh_CN",
    "line": IOS + "Mobile/15E148 Safari Line/14.7.0",
    "webview": ANDROID.format("; wv", "Version/4.0 "),
    "google": IOS + "GSA/319.0.631286371 Mobile/15E148 Safari/604.1",
    "some-app": VIEW_IOS,
}


def route(browser: str, touch: int = 5, is_app: bool = False, can_share: bool = True, may_download: bool = True) -> str:
    return choose_route(browser, touch, is_app, can_share, may_download)


@pytest.mark.parametrize("name", sorted(IN_APPS))
def test_a_browser_inside_of_an_app_shares_or_sends_elsewhere(name):
    assert route(IN_APPS[name]) == SHARE
    assert route(IN_APPS[name], can_share=False) == ELSEWHERE


@pytest.mark.parametrize("browser", [SAFARI, VIEW_IOS, MAC], ids=["safari", "view", "ipad"])
def test_an_app_on_the_home_screen_of_an_iphone_or_ipad_shares(browser):
    assert route(browser, is_app=True) == SHARE
    assert route(browser, is_app=True, can_share=False) == ELSEWHERE


@pytest.mark.parametrize("name", ["CriOS/125.0", "FxiOS/126.0", "EdgiOS/124.0", "OPT/4.6", "DuckDuckGo/7"])
def test_other_browsers_on_ios_share_where_they_can(name):
    browser = IOS + f"{name} Mobile/15E148 Safari/604.1"
    assert route(browser) == SHARE and route(browser, can_share=False) == DOWNLOAD


@pytest.mark.parametrize(
    ("browser", "touch", "is_app"),
    [
        (SAFARI, 5, False),
        (MAC, 0, False),
        (MAC, 0, True),
        (MAC, 5, False),  # Safari on an iPad
        (ANDROID.format("", ""), 5, False),
        (ANDROID.format("", ""), 5, True),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/125 Safari/537.36",
            10,
            True,
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0", 0, False),
    ],
)
def test_elsewhere_the_browser_saves(browser, touch, is_app):
    assert route(browser, touch, is_app) == route(browser, touch, is_app, can_share=False) == DOWNLOAD


def test_a_frame_without_downloads_shares_or_says_so():
    assert route(SAFARI, may_download=False) == SHARE
    assert route(SAFARI, may_download=False, can_share=False) == FRAMED
