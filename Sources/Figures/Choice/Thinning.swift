import Sweep

extension Sketch {
    /// The sketch with no more lines and panels than can be told apart. The first and the last value stay, and
    /// the best one of each panel's lines, so that no figure hides it.
    func thinned(of grid: Grid, with values: Estimates) -> Sketch {
        var sketch = self
        if let panels {
            let best = sketch.best(on: panels, at: [:], of: grid, values)
            sketch.positions[panels] = Figures.thinned(
                positions[panels]!, to: mostPanels, keeping: [best].compactMap { $0 })
        }
        if let lines, kind == .curves, variants.isEmpty {
            let fixed = panels.map { panels in
                sketch.positions[panels]!.map { [panels: $0] }
            }
            let best = (fixed ?? [[:]]).compactMap {
                sketch.best(on: lines, at: $0, of: grid, values)
            }
            sketch.positions[lines] = Figures.thinned(
                positions[lines]!, to: mostLines, keeping: best)
        }
        return sketch
    }

    /// The position on `axis` of the best value among the points with these positions on other axes; nil if
    /// there is no value, or none is better than another.
    private func best(
        on axis: Axis, at chosen: [Axis: Int], of grid: Grid, _ values: Estimates
    ) -> Int? {
        guard measures.count == 1, let goal = measures[0].goal else { return nil }
        let found = points(of: grid, at: chosen).compactMap { point in
            values[point.number]?[measures[0]].map { (point.positions[axis]!, $0.mean) }
        }
        return found.min { goal.prefers($0.1, to: $1.1) }?.0
    }
}

/// At most `count` of the elements, evenly spread from the first to the last; where an element of `kept` isn't
/// among them it takes the place of the nearest one.
func thinned<Element: Equatable>(
    _ elements: [Element], to count: Int, keeping kept: [Element] = []
) -> [Element] {
    guard elements.count > count, count > 1 else { return elements }
    var chosen = (0..<count).map { $0 * (elements.count - 1) / (count - 1) }
    var held: Set<Int> = [0, elements.count - 1]
    for element in kept {
        guard let index = elements.firstIndex(of: element), !held.contains(index) else { continue }
        if !chosen.contains(index) {
            let free = chosen.indices.filter { !held.contains(chosen[$0]) }
            guard let nearest = free.min(by: { abs(chosen[$0] - index) < abs(chosen[$1] - index) })
            else { continue }
            chosen[nearest] = index
        }
        held.insert(index)
    }
    return chosen.sorted().map { elements[$0] }
}
