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

    /// Those of these at which what a figure draws can exist.
    func positions(of axis: Axis, drawing drawn: [Axis], _ measures: [Measure]) -> [Int] {
        let all = positions(of: axis)
        let possible = all.filter { isPossible(axis, at: $0, drawing: drawn, measures) }
        return possible.isEmpty ? all : possible
    }

    /// The axes whose values don't all go together. In a figure each has only values that go with what those
    /// before it have there.
    private static let dependent: [Axis] = [.model, .steps, .width, .ridge]

    /// Whether there are students with this value and these measures, of those that the figure draws.
    private func isPossible(
        _ axis: Axis, at position: Int, drawing drawn: [Axis], _ measures: [Measure]
    ) -> Bool {
        let grid = sweep.grid
        switch axis {
        case .model where !measures.allSatisfy({ $0.applies(to: grid.model[position]) }),
            .steps where grid.steps[position] == .infinite && measures.contains(where: \.needsStop):
            return false
        default: break
        }
        guard let number = Self.dependent.firstIndex(of: axis) else { return true }
        return Self.dependent[..<number].allSatisfy { other in
            let others =
                drawn.contains(other)
                ? positions(of: other, drawing: drawn, measures)
                : [fixedPosition(of: other, drawing: drawn, measures)]
            return others.allSatisfy { exists([axis: [position], other: [$0]]) }
        }
    }

    /// Whether there is a cell with these values, at values that may be drawn.
    private func exists(_ positions: [Axis: [Int]]) -> Bool {
        sweep.grid.narrowed(to: kept.merging(positions) { $1 }).cellCount > 0
    }

    /// Whether all students that the figure draws are limits of training.
    private func hasOnlyLimits(drawing drawn: [Axis], _ measures: [Measure]) -> Bool {
        let position = fixedPosition(of: .steps, drawing: drawn, measures)
        return !drawn.contains(.steps) && sweep.grid.steps[position] == .infinite
    }

    func isVaried(_ axis: Axis) -> Bool { positions(of: axis).count > 1 }

    /// Those of `axes` that vary, make a difference and aren't `taken`, in the same order.
    func varied(_ axes: [Axis], without taken: [Axis?]) -> [Axis] {
        axes.filter { !taken.contains($0) && isVaried($0) && hasEffect($0) }
    }

    func hasMeasure(_ measure: Measure) -> Bool { measure.isThere(in: sweep) }

    /// The position that an axis has in a figure that doesn't draw it. So the figure shows the sweep's best
    /// student (the widest, with the most samples), with all else as in the paper if possible; but never a
    /// value at which what it draws would be the same everywhere, if there is another.
    func fixedPosition(of axis: Axis, drawing drawn: [Axis], _ measures: [Measure]) -> Int {
        let all = positions(of: axis, drawing: drawn, measures)
        let values = axis.values(of: sweep.grid)
        let telling = all.filter { position in
            !drawn.contains {
                $0.isIdle(
                    at: values[position], of: axis, inLimit: hasOnlyLimits(drawing: drawn, measures)
                )
            }
                && (axis != .sampleSize
                    || measures.allSatisfy { isTelling($0, at: sweep.grid.sampleSize[position]) })
        }
        let usable = telling.isEmpty ? all : telling
        func nearest(_ value: Double) -> Int {
            usable.min { abs(values[$0] - value) < abs(values[$1] - value) }!
        }
        // Soft ratios lose one or both of their ends, so what is usual there says nothing about the rest.
        if axis == .softRatio, usable.count < all.count, usable.last != all.last {
            return nearest(0.5)
        }
        return switch axis.usual {
        case .largest: usable.last!
        case .smallest: usable.first!
        case .nearest(let value): nearest(value)
        }
    }

    /// Whether a measure of students of `n` samples can tell them apart.
    func isTelling(_ measure: Measure, at n: Int) -> Bool {
        switch measure {
        case .dataInefficiency:
            // It is taken over a window around n, which is empty below 6 samples and may end beyond N.
            let window = NormWindow(around: n)
            return window.lower < window.upper && window.upper <= sweep.settings.oracleSamples
        case .discreteDataInefficiency: return n < sweep.settings.oracleSamples
        case .best: return true
        case .metric: return !measure.isAgainstOracle || n < sweep.settings.oracleSamples
        }
    }

    /// Whether the axis makes a difference at some of the other axes' values.
    private func hasEffect(_ axis: Axis) -> Bool {
        Axis.drawn.allSatisfy { other in
            let values = other.values(of: sweep.grid)
            return positions(of: other).contains {
                !axis.isIdle(
                    at: values[$0], of: other,
                    inLimit: sweep.grid.steps.allSatisfy { $0 == .infinite })
            }
        }
    }
}

extension Axis {
    /// Whether a student is the same at all values of this axis if `other` has that value.
    ///
    /// - Parameter inLimit: whether it is the limit of training.
    func isIdle(at value: Double, of other: Axis, inLimit: @autoclosure () -> Bool) -> Bool {
        switch (self, other) {
        // Hard labels have no temperature. Soft ones alone lead to the teacher's logits at any temperature, but on
        // other ways.
        case (.temperature, .softRatio): value == 0 || value == 1 && inLimit()
        case (.teacherNoise, .softRatio): value == 0
        default: false
        }
    }
}
