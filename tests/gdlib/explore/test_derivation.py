"""The derivation explorer: its gradient is the row's."""

import re

import numpy as np

from gdlib.explore.derivation import DerivationExplorer


def test_derivation_explorer_tells_the_gradient(take):
    explorer = take(DerivationExplorer)
    explorer.row.value, explorer.w1.value, explorer.b.value = "2", 0.5, -0.25
    assert np.array_equal(explorer.problem.x, [[0.5, 0.3]])
    start = "row 2: ŷ = 0 is 0.5 below the target 0.5, L = 0.25; downhill: raise w₁, w₂, b;"
    assert explorer.reading.startswith(start)
    assert explorer.reading.endswith("measurement agree to 8 decimals")
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", explorer.details.value)
    assert cells[0::3] == ["−1·1·1·0.5", "−1·1·1·0.3", "−1·1·1·1"]
    assert cells[1::3] == cells[2::3] == ["−0.50000000", "−0.30000000", "−1.00000000"]
    explorer.b.value = 0.25
    assert "exactly the target 0.5, L = 0; downhill: no direction" in explorer.reading
