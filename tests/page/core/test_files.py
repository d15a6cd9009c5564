"""Files that came with the page's modules are read whole, with all parts that the build has made of them."""

import pytest
from core.files import read_text

from tools.site.packing import page

TEXT = "हिन्दी" * 20_000


def test_a_file_is_read_whole(tmp_path):
    packed = page.packed({"app/main.py": b"", "app/languages/hi.json": TEXT.encode(), "app/core/a.py": b"a = 1"})
    archive = packed[page.ARCHIVE]
    for path, data in page.members(archive).items():
        assert len(data) <= page.MAX_MEMBER
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(data)
    assert read_text(str(tmp_path / "languages" / "hi.json")) == TEXT
    assert page.unpack(archive) == {"languages/hi.json": TEXT.encode(), "core/a.py": b"a = 1"}
    with pytest.raises(FileNotFoundError):
        read_text(str(tmp_path / "languages" / "xx.json"))


def test_a_module_must_not_be_so_large():
    with pytest.raises(page.ToolError, match=r"core/a\.py"):
        page.packed({"app/main.py": b"", "app/core/a.py": b"a = 1\n" * 20_000})
