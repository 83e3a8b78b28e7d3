import Sweep

/// Which values of a sweep's axes may be drawn.
struct Variety {
    let sweep: Sweep
    /// For axes of which the user wants only some values, the positions of these.
    let kept: [Axis: [Int]]

    /// The positions that may be drawn, ascending by value.
    func positions(of axis: Axis) -> [Int] {
        let all = axis.ascending(in: sweep.grid)
        return kept[axis].map { all.filter($0.contains) } ?? all
    }

    func isVaried(_ axis: Axis) -> Bool { positions(of: axis).count > 1 }

    /// The position that an axis has in a figure that doesn't draw it.
    func usualPosition(of axis: Axis) -> Int {
        let usual = axis.usualPosition(in: sweep.grid)
        let positions = positions(of: axis)
        return positions.contains(usual) ? usual : positions.last!
    }

    /// Those of `axes` that vary and aren't `taken`, in the same order.
    func varied(_ axes: [Axis], without taken: [Axis?]) -> [Axis] {
        axes.filter { !taken.contains($0) && isVaried($0) }
    }

    func hasMeasure(_ measure: Measure) -> Bool { measure.isThere(in: sweep) }
}
