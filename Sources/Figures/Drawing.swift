import Sweep

/// For each grid point, the estimates of the measures that have a value.
package typealias Estimates = [Int: [Measure: Estimate]]

/// For each choice that figures show, the best value by the grid point that has the axis' first position.
package typealias BestPoints = [Sketch.BestChoice: [Int: BestPoint]]

extension Sketch {
    /// The figures with these values; those without any are left out. All that show the same quantity have
    /// one scale for it, so that they can be compared.
    package static func figures(
        _ sketches: [Sketch], of sweep: Sweep, with values: Estimates, _ bests: BestPoints = [:]
    ) -> [Figure] {
        let drawings = sketches.map { sketch in
            Drawing(sketch.thinned(of: sweep.grid, with: values), of: sweep, with: values, bests)
        }.filter { !$0.means.isEmpty }
        let groups = Dictionary(grouping: drawings, by: \.measured.name)
        let scales = groups.mapValues(MeasuredScale.init)
        return drawings.map { $0.figure(on: scales[$0.measured.name]!) }
    }
}

/// A sketch with its numbers.
struct Drawing {
    let sketch: Sketch
    let sweep: Sweep
    /// For each panel and each of its curves, or each row of its map, a place for each value of x.
    let series: [[[Place]]]
    /// For each panel and each of its curves, if they mark their best point.
    private let bests: [[BestPoint?]]
    /// For each panel.
    let references: [[Figure.Reference]]

    /// A value of x, and the estimate there; nil if there is none.
    struct Place {
        var x: Double
        var estimate: Estimate?
        /// Whether the sweep has such cells.
        var exists = true
        /// How many seeds the estimate is of if every cell is ok.
        var seeds: Int

        /// Whether seeds are missing in the estimate.
        var isPartial: Bool { estimate.map { $0.seeds < seeds } ?? false }
    }

    init(_ sketch: Sketch, of sweep: Sweep, with values: Estimates, _ bests: BestPoints) {
        self.sketch = sketch
        self.sweep = sweep
        let grid = sweep.grid
        let (xs, lines) = (sketch.x.values(of: grid), sketch.linePositions)
        series = sketch.panelPositions.map { panel in
            sketch.measures.flatMap { measure in
                lines.map { line in
                    sketch.positions[sketch.x]!.map { position in
                        let point = sketch.point(
                            of: grid, sketch.chosen(x: position, line: line, panel: panel))
                        return Place(
                            x: xs[position], estimate: values[point]?[measure],
                            exists: grid.exists(point * grid.seed.count),
                            seeds: sketch.seedCount(of: measure, at: point, in: grid))
                    }
                }
            }
        }
        references = sketch.panelPositions.map { sketch.references(panel: $0, of: grid, values) }
        let own = sketch.bestChoice.flatMap { bests[$0] } ?? [:]
        self.bests = sketch.panelPositions.map { panel in
            lines.map { line in
                own[sketch.point(of: grid, sketch.chosen(x: 0, line: line, panel: panel))]
            }
        }
    }

    var isMap: Bool { sketch.kind == .map }
    var places: [Place] { series.joined().flatMap { $0 } }
    var means: [Double] { places.compactMap { $0.estimate?.mean } }

    /// Whether it is known of a best point how sure it is.
    var hasPlausible: Bool { bests.joined().contains { $0?.best.plausible != nil } }

    /// What the curves' height or the map's colour stands for.
    var measured: (name: String, title: String) {
        let measures = sketch.measures
        let own =
            measures.count == 1
            ? (name: measures[0].name, title: measures[0].title) : Measure.common(of: measures)
        guard let relative = sketch.relative else { return own }
        return (
            "\(own.name)_difference",
            "\(own.title), less that at \(relative.axis.value(relative.position, in: sweep.grid))"
        )
    }
}

extension Sketch {
    /// How many seeds a measure is of at a grid point. Families may have different numbers; what compares some of them
    /// is of the seeds that all have.
    fileprivate func seedCount(of measure: Measure, at point: Int, in grid: Grid) -> Int {
        var points = [point]
        if let axis = measure.sought {
            points = grid[axis].indices.map { grid.point(point, with: $0, on: axis) }
        } else if let compared = compared(point, in: grid) {
            points.append(compared)
        }
        return points.map(grid.seedCount).min()!
    }

    fileprivate var panelPositions: [Int?] {
        guard let panels else { return [nil] }
        return positions[panels]!.map(Optional.some)
    }

    /// The lines' positions on their axis, or among the variants.
    fileprivate var linePositions: [Int?] {
        guard variants.isEmpty else { return Array(variants.indices) }
        guard let lines else { return [nil] }
        return positions[lines]!.map(Optional.some)
    }

    fileprivate func chosen(x: Int? = nil, line: Int? = nil, panel: Int?) -> [Axis: Int] {
        var chosen: [Axis: Int] = [:]
        chosen[self.x] = x
        if let lines { chosen[lines] = line }
        if !variants.isEmpty, let line { chosen.merge(variants[line].positions) { $1 } }
        if let panels { chosen[panels] = panel }
        return chosen
    }

    /// The teacher's error in a panel. It depends on no axis but the noise; of its means the one over the most
    /// seeds is taken. A teacher without errors has no line.
    fileprivate func references(
        panel: Int?, of grid: Grid, _ values: Estimates
    ) -> [Figure.Reference] {
        guard let reference else { return [] }
        func mean(at chosen: [Axis: Int]) -> Double? {
            let found = points(of: grid, at: chosen).compactMap { values[$0.number]?[reference] }
            let mean = found.max { $0.seeds < $1.seeds }?.mean
            return mean == 0 ? nil : mean
        }
        switch Axis.teacherNoise {
        case x:
            let points = positions[x]!.compactMap { position in
                mean(at: chosen(x: position, panel: panel)).map {
                    Figure.Point(x: x.values(of: grid)[position], y: $0)
                }
            }
            return points.isEmpty ? [] : [.init(label: "teacher", course: .points(points))]
        case lines:
            return linePositions.enumerated().compactMap { curve, line in
                mean(at: chosen(line: line, panel: panel)).map {
                    Figure.Reference(label: "teacher", curve: curve, course: .level($0))
                }
            }
        default:
            let level = mean(at: chosen(panel: panel))
            return level.map { [.init(label: "teacher", course: .level($0))] } ?? []
        }
    }
}

extension Drawing {
    func figure(on scale: MeasuredScale) -> Figure {
        let (grid, x, lines) = (sweep.grid, sketch.x, sketch.lines)
        let horizontal = AxisScale(values(of: x), of: x, chosen: isMap ? nil : sketch.logarithms?.x)
        let panels = sketch.panelPositions.indices.map { index in
            Figure.Panel(
                title: sketch.panelPositions[index].map {
                    sketch.panels!.equation($0, in: grid)
                } ?? "",
                content: isMap
                    ? .map(map(series[index]))
                    : .curves(curves(series[index], bests[index], horizontal, on: scale)),
                references: references[index])
        }
        let measured = Figure.Quantity(
            name: measured.name, title: measured.title, isLogarithmic: scale.isLogarithmic,
            extent: scale.extent)
        let ordered = lines.map { lines in
            Figure.Quantity(
                name: lines.key, title: lines.title,
                isLogarithmic: isMap
                    && AxisScale(values(of: lines), of: lines, chosen: nil).isLogarithmic)
        }
        return Figure(
            name: sketch.name, title: sketch.title, caption: caption(horizontal, scale),
            x: Figure.Quantity(
                name: x.key, title: x.title, isLogarithmic: horizontal.isLogarithmic,
                limit: horizontal.limit.map { "\(x.short) = \(x.text(of: $0))" }),
            y: isMap ? ordered! : measured,
            key: isMap ? measured : ordered ?? Figure.Quantity(name: "measure", title: ""),
            colours: isOrdered ? .ordered : .distinct, panels: panels)
    }

    /// Whether the curves stand for numbers.
    private var isOrdered: Bool {
        sketch.measures.count == 1 && sketch.variants.isEmpty && sketch.lines?.isNumeric ?? true
    }

    private var labels: [String] {
        guard sketch.variants.isEmpty else { return sketch.variants.map(\.label) }
        return sketch.lines.map { lines in values(of: lines).map(lines.text) }
            ?? sketch.measures.map(\.title)
    }

    private func values(of axis: Axis) -> [Double] {
        let values = axis.values(of: sweep.grid)
        return sketch.positions[axis]!.map { values[$0] }
    }

    private func curves(
        _ series: [[Place]], _ bests: [BestPoint?], _ horizontal: AxisScale,
        on scale: MeasuredScale
    ) -> [Figure.Curve] {
        let labels = labels
        return series.indices.map { index in
            let points = series[index].compactMap { place -> Figure.Point? in
                guard let estimate = place.estimate, !scale.isLogarithmic || estimate.mean > 0
                else { return nil }
                return Figure.Point(
                    x: place.x, y: estimate.mean,
                    error: estimate.error.isNaN ? nil : estimate.error,
                    isPartial: place.isPartial,
                    range: estimate.range.map { .init(low: $0.lowerBound, high: $0.upperBound) })
            }
            let placed = points.filter { $0.x != horizontal.limit }
            var limit = points.first { $0.x == horizontal.limit }
            limit?.x = 0
            var curve = Figure.Curve(label: labels[index], points: placed, limit: limit)
            if sketch.marksBest, !sketch.isIdle(line: index, of: sweep.grid) {
                markBest(of: &curve, by: bests[index])
            }
            return curve
        }
    }

    /// Marks a curve's best point, if the axis makes a difference there and the level isn't better; and from where to
    /// where it can't be told from the best.
    private func markBest(of curve: inout Figure.Curve, by found: BestPoint?) {
        let (goal, points) = (sketch.measures[0].goal!, curve.points)
        guard let least = points.indices.min(by: { goal.prefers(points[$0].y, to: points[$1].y) }),
            points.contains(where: { $0.y != points[least].y }),
            !(curve.limit.map { goal.prefers($0.y, to: points[least].y) } ?? false)
        else { return }
        let xs = sketch.x.values(of: sweep.grid)
        guard let found, let value = found.best.value,
            let best = points.firstIndex(where: { $0.x == xs[found.positions[value]] })
        else {
            // As long as no seed has all values, the means are all there is.
            curve.best = least
            return
        }
        curve.best = best
        guard let plausible = found.best.plausible else { return }
        // A level has no place on the scale, so the range begins with the first point that has one.
        let low = max(xs[found.positions[plausible.lowerBound]], points[0].x)
        curve.plausible = .init(low: low, high: xs[found.positions[plausible.upperBound]])
    }

    private func map(_ rows: [[Place]]) -> Figure.Map {
        Figure.Map(
            x: values(of: sketch.x), y: values(of: sketch.lines!),
            values: rows.map { $0.map { $0.estimate?.mean } },
            partial: rows.enumerated().flatMap { row, places in
                places.indices.filter { places[$0].isPartial }
                    .map { [$0, row] }
            })
    }
}

extension Sketch {
    /// Whether a line is flat since x has no effect at the value that the line stands for.
    func isIdle(line: Int, of grid: Grid) -> Bool {
        guard let lines else { return false }
        let value = lines.values(of: grid)[positions[lines]![line]]
        return x.isIdle(at: value, of: lines, inLimit: hasOnlyLimits(of: grid))
    }

    /// Whether all students that it draws are limits of training.
    func hasOnlyLimits(of grid: Grid) -> Bool {
        positions[.steps]!.allSatisfy { grid.steps[$0] == .infinite }
    }
}
