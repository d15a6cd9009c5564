"""`offcut --completion`: what a shell completes."""

import shutil
import subprocess
import sys

import pytest

from offcut.cli import main
from offcut.cli.command import COMMANDS
from offcut.cli.completion import SHELLS


def script(shell, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--completion", shell])
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not here")
@pytest.mark.parametrize(
    ("words", "completed"),
    [
        (["offcut", ""], [*COMMANDS]),
        (["offcut", "p", "--ov"], ["--overwrite"]),
        (["offcut", "p", "pho"], ["photos"]),
        (["offcut", "i", "pho"], ["photo.jpg", "photos"]),
        (["offcut", "d", "--l"], ["--list"]),
    ],
)
def test_bash_completes_commands_options_and_names(words, completed, capsys, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photo.jpg").touch()
    (tmp_path / "complete.bash").write_text(script("bash", capsys))
    quoted = " ".join(f"'{word}'" for word in words)
    code = (
        f"source ./complete.bash; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; "
        'COMP_LINE="${COMP_WORDS[*]}"; _shtab_offcut; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    found = done.stdout.split()
    assert set(completed) <= set(found) and (len(words) == 2 or sorted(found) == sorted(completed))


def test_other_shells_get_a_script(capsys):
    assert "#compdef offcut" in script("zsh", capsys)


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not here")
def test_fish_completes_too(capsys, tmp_path):
    path = tmp_path / "offcut.fish"
    path.write_text(script("fish", capsys))
    for words, completed in [("offcut ", COMMANDS), ("offcut p --ov", ["--overwrite"])]:
        answer = subprocess.run(
            ["fish", "--no-config", "-c", f"source {path}; complete -C '{words}'"],
            capture_output=True,
            text=True,
            check=True,
        )
        found = {line.split("\t")[0] for line in answer.stdout.splitlines()}
        assert set(completed) <= found


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_a_script_that_names_the_commands(shell, capsys):
    text = script(shell, capsys)
    assert all(command in text for command in ("offcut", "overwrite"))


def test_without_shtab_a_sentence_says_how_to_install_it(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["--completion", "bash"]) == 1
    assert "pip install 'offcut[cli]'" in capsys.readouterr().err


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_every_help_has_examples_that_name_the_command(command, capsys):
    with pytest.raises(SystemExit):
        main([command, "-h"] if command else ["-h"])
    out = capsys.readouterr().out
    assert f"  offcut {command or 'i'}" in out or f"| offcut {command}" in out
    assert max(map(len, out.splitlines())) <= 120
