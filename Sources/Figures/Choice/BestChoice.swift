import Sweep

// The best values that figures mark or show.

extension Sketch {
    /// Whether curves mark their best point: over an axis that a user chooses a value of, they are drawn to
    /// show which one to choose.
    var marksBest: Bool {
        [.softRatio, .temperature, .depth, .ridge].contains(x)
            && measures.count == 1 && measures[0].goal != nil
            // The least difference from another student is no best value.
            && relative.map { $0.axis == x } ?? true
    }

    /// Which values of an axis are compared to find the best one.
    package struct BestChoice: Hashable, Sendable {
        package var question: BestQuestion
        /// Nil: all.
        package var positions: Set<Int>?

        /// Of the best value that a figure shows.
        package init(seeking axis: Axis) {
            question = BestQuestion(axis: axis, metric: .studentError)
        }

        fileprivate init(_ question: BestQuestion, at positions: Set<Int>) {
            self.question = question
            self.positions = positions
        }

        /// The grid point with the first value of the axis, and all else as a point has it.
        package func base(of point: Int, in grid: Grid) -> Int {
            grid.point(point, with: 0, on: question.axis)
        }
    }

    /// The choices whose best values it marks or shows.
    package var bestChoices: [BestChoice] {
        [bestChoice].compactMap { $0 } + measures.compactMap(\.sought).map(BestChoice.init)
    }

    /// Nil if it marks none.
    var bestChoice: BestChoice? {
        guard marksBest, case .metric(let metric) = measures[0] else { return nil }
        return BestChoice(
            BestQuestion(axis: x, metric: metric, prefersLargest: measures[0].goal == .greatest),
            at: Set(positions[x]!))
    }
}
