"""The report of a comparison of speeds."""

from xml.etree import ElementTree

from bench.speed import report

SEEN = {
    "offcut isnet": {"12 MP: a photo, s": [4.0, 5.0, 4.5], "warm start to first cutout, s": [3.0, 3.0, 3.0]},
    "imgly medium": {"12 MP: a photo, s": [8.0, 10.0, 12.0], "warm start to first cutout, s": [9.0, 10.0, 12.0]},
    "another <one>": {"12 MP: a photo, s": [120.0]},
}


def rows(text):
    return {
        cells[0]: cells[1:]
        for cells in ([cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines())
    }


def test_a_table_gives_medians_with_their_range():
    found = rows(report.table(SEEN))
    assert found["12 MP: a photo, s"] == ["4.50 (4.00 to 5.00)", "10.00 (8.00 to 12.00)", "120"]
    assert found["warm start to first cutout, s"][2] == ""


def test_ratios_are_taken_run_by_run():
    found = rows(report.ratios(SEEN))
    assert found["12 MP: a photo"] == ["0.50 (0.38 to 0.50)"]
    assert found[""] == ["isnet / imgly medium"]


def test_the_plot_is_a_drawing_of_every_contestant():
    drawing = ElementTree.fromstring(report.plot(SEEN, "12 MP: a photo, s"))
    words = [element.text for element in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert "another <one>" in words and "offcut isnet" in words and "120.0" in words
    bars = [float(bar.get("width")) for bar in list(drawing.iter("{http://www.w3.org/2000/svg}rect"))[1:]]
    assert bars[2] > bars[1] > bars[0] > 0
