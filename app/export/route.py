"""Which way a finished picture leaves the page: not everywhere may, or can, a page save a file."""

DOWNLOAD = "download"
"""The browser saves it."""

SHARE = "share"
"""The system's share sheet takes it, which can save it, too."""

ELSEWHERE = "elsewhere"
"""It cannot leave: the person has to open Offcut in a browser."""

FRAMED = "framed"
"""It cannot leave: the page around Offcut forbids downloads."""

_IN_APPS = (
    "Instagram",
    "FBAN/",
    "FBAV/",
    "FB_IAB",
    "Messenger",  # of Facebook, and MicroMessenger, which is WeChat
    " Line/",
    "Snapchat",
    "Twitter",
    "LinkedInApp",
    "Pinterest/",
    "musical_ly",
    "Bytedance",
    "TikTok",
    "KAKAOTALK",
    "NAVER(inapp",
    " QQ/",
    "Weibo",
    "DingTalk",
    "AlipayClient",
    "GSA/",  # the Google app
    "; wv)",  # Android's WebView, in whichever app
)
"""What browsers inside of other apps say of themselves. They open a saved file's address, or do nothing."""

_PHONES = ("iPhone", "iPad", "iPod")


def choose_route(browser: str, touch_points: int, is_app: bool, can_share: bool, may_download: bool) -> str:
    """Return one of the routes above.

    Args:
        browser: `navigator.userAgent`.
        touch_points: `navigator.maxTouchPoints`; an iPad says that it is a Mac, which has none.
        is_app: whether the page runs as an app from the home screen.
        can_share: whether the share sheet takes files.
        may_download: whether the frame that the page is in may download, as far as that is known.
    """
    is_ios = any(name in browser for name in _PHONES) or ("Macintosh" in browser and touch_points > 1)
    # Safari names its own version. Others on iOS are its engine inside of an app, and only some of them can save.
    is_safari = "Version/" in browser and "Safari/" in browser
    is_in_app = any(name in browser for name in _IN_APPS)
    if not may_download:
        return SHARE if can_share else FRAMED
    if is_in_app or (is_ios and is_app):
        return SHARE if can_share else ELSEWHERE
    if is_ios and not is_safari:
        is_browser = "Safari/" in browser  # Chrome, Firefox and Edge say so, a bare view of an app does not
        return SHARE if can_share else DOWNLOAD if is_browser else ELSEWHERE
    return DOWNLOAD
