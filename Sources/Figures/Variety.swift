import Sweep

/// What of a sweep's axes may be drawn.
struct Variety {
    let sweep: Sweep
    /// The positions that the user wants of an axis; all are wanted of others.
    let kept: [Axis: [Int]]

    /// Ascending.
    func positions(of axis: Axis) -> [Int] {
        let all = axis.ascending(in: sweep.grid)
        return kept[axis].map { all.filter($0.contains) } ?? all
    }

    func isVaried(_ axis: Axis) -> Bool { positions(of: axis).count > 1 }

    /// Where an axis stays in a figure that doesn't draw it.
    func usualPosition(of axis: Axis) -> Int {
        let usual = axis.usualPosition(in: sweep.grid)
        let positions = positions(of: axis)
        return positions.contains(usual) ? usual : positions.last!
    }

    /// Those of the axes that vary, in their order.
    func varied(_ axes: [Axis], without taken: [Axis?]) -> [Axis] {
        axes.filter { !taken.contains($0) && isVaried($0) }
    }

    func hasMeasure(_ measure: Measure) -> Bool { measure.isThere(in: sweep) }
}
