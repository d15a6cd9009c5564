"""Intervals, tables and figures."""

import numpy as np
import pytest

from bench.quality import intervals, report
from bench.quality.photos import Photo
from bench.quality.results import SECONDS, Results
from bench.quality.scores import MEASURES, measures


def results(tmp_path, count: int, gain: float = 0.1, kind: str = "mask") -> Results:
    """Two candidates, of which ours is better everywhere by `gain`."""
    photos = [
        Photo(kind, f"{kind}/set", f"{number:02}", tmp_path / str(number) / "image.png") for number in range(count)
    ]
    found = Results(photos, ["ours", "peer"], "peer", settings={"ours": "here", "peer": "there"})
    for number, photo in enumerate(photos):
        for name, better in (("ours", gain), ("peer", 0.0)):
            figures = {
                measure.key: 0.5 + number / 100 + (better if measure.better == "higher" else -better)
                for measure in measures(kind)
            }
            found.add(photo, name, figures | {SECONDS: float(number)})
    return found


def test_a_mean_of_equal_values_is_sure():
    found = intervals.mean([0.25] * 5)
    assert (found.value, found.low, found.high) == (0.25, 0.25, 0.25)


def test_the_interval_is_that_of_the_normal_distribution_where_there_is_much():
    values = np.random.default_rng(1).normal(3, 2, 400)
    found = intervals.mean(values)
    half = 1.96 * values.std() / 20
    assert found.low == pytest.approx(values.mean() - half, abs=0.03)
    assert found.high == pytest.approx(values.mean() + half, abs=0.03)


def test_the_interval_is_the_same_every_time_and_moves_with_the_values():
    values = [0.1, 0.5, 0.2, 0.9]
    assert intervals.mean(values) == intervals.mean(values)
    assert intervals.mean([value + 1 for value in values]).low == pytest.approx(intervals.mean(values).low + 1)


def test_a_sure_difference_is_bold_and_judged(tmp_path):
    text = report.markdown(results(tmp_path, 6), {"date": "today"})
    assert "- date: today" in text and "- ours: here" in text
    assert "| MAE ↓ | 0.4250 (" in text
    assert "| MAE ↓ | **−0.10000 (−0.10000 to −0.10000)** better |" in text
    assert "| Boundary IoU ↑ | **+0.10000 (+0.10000 to +0.10000)** better |" in text
    worse = report.markdown(results(tmp_path, 6, gain=-0.1), {})
    assert "| MAE ↓ | **+0.10000 (+0.10000 to +0.10000)** worse |" in worse


def test_few_photos_are_not_judged(tmp_path):
    text = report.markdown(results(tmp_path, 5), {})
    assert "| MAE ↓ | −0.10000 (−0.10000 to −0.10000) |" in text
    assert "| MAE ↓ | 0.4000 | 0.5000 |" in report.markdown(results(tmp_path, 1), {})


def test_masks_have_no_gradient_and_no_connectivity(tmp_path):
    rough = report.markdown(results(tmp_path, 6), {})
    soft = report.markdown(results(tmp_path, 6, kind="matte"), {})
    for title in ("Gradient", "Connectivity", "Composite"):
        assert title not in rough and title in soft
    assert "known of 0 of 6" in soft
    assert len(measures("matte")) == len(MEASURES)


def test_a_photo_refused_by_one_counts_for_nobody(tmp_path):
    found = results(tmp_path, 7)
    lost = found.photos[3]
    del found.figures[lost.key]["peer"]
    found.refusals.append((lost.key, "peer", "too odd"))
    text = report.markdown(found, {})
    assert "mask/set, 6 photos" in text
    assert f"- {lost.key}, peer: too odd" in text
    data = report.figures(found, {})
    assert data["summary"]["mask/set"]["ours"]["mae"]["mean"]["value"] == pytest.approx(0.4 + 0.18 / 6)
    assert data["refusals"] == [{"photo": lost.key, "candidate": "peer", "reason": "too odd"}]


def test_figures_hold_every_photo(tmp_path):
    data = report.figures(results(tmp_path, 6), {"date": "today"})
    assert data["photos"]["mask/set/02"]["ours"]["mae"] == pytest.approx(0.42)
    assert data["summary"]["mask/set"]["ours"]["mae"]["difference"]["high"] == pytest.approx(-0.1)
    assert data["summary"]["mask/set"]["peer"][SECONDS] == 2.5
    assert data["reference"] == "peer"
