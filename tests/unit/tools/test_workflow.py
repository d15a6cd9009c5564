"""The workflow for GitHub Pages: nothing that can change under our feet, and no more rights than each job needs."""

import re

from tools.paths import ROOT

TEXT = (ROOT / ".github/workflows/pages.yml").read_text()


def job(name: str) -> str:
    return re.search(rf"^  {name}:\n((?:    .*\n|\n)+)", TEXT, re.MULTILINE)[1]


def test_every_action_is_githubs_own_and_pinned_by_commit():
    used = re.findall(r"uses: (\S+)(.*)", TEXT)
    assert {name.split("@")[0] for name, _ in used} == {
        "actions/checkout",
        "actions/setup-python",
        "actions/configure-pages",
        "actions/upload-pages-artifact",
        "actions/deploy-pages",
    }
    for name, comment in used:
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", name) and re.fullmatch(r" # v\d+\.\d+\.\d+", comment)


def test_each_job_has_the_least_rights():
    assert re.search(r"^permissions:\n  contents: read\n\n", TEXT, re.MULTILINE)
    assert "permissions:" not in job("build") and "persist-credentials: false" in job("build")
    assert re.search(r"permissions:\n      pages: write\n      id-token: write\n    \w", job("deploy"))
    assert "secrets." not in TEXT and "pull_request_target" not in TEXT


def test_it_tests_before_it_builds_and_deploys_only_what_passed():
    build = job("build")
    assert build.index("run: .ci/run") < build.index("tools build --out site") < build.index("upload-pages-artifact")
    assert "needs: build" in job("deploy") and "refs/heads/main" in job("deploy")
    assert "pip install" not in TEXT and "npm " not in TEXT  # the tools install by hash


def test_python_packages_are_pinned_by_hash():
    for listed in (ROOT / "tools/requirements").glob("*.txt"):
        for block in re.split(r"\n(?=\w)", listed.read_text().strip()):
            assert "==" in block.splitlines()[0] and "--hash=sha256:" in block, (listed.name, block[:60])
