import Sweep

/// For each grid point, the estimates of the measures that have a value.
package typealias Estimates = [Int: [Measure: Estimate]]

extension Sketch {
    /// The figure with these values; nil if there is no value to draw.
    package func figure(of sweep: Sweep, with values: Estimates) -> Figure? {
        let grid = sweep.grid
        let found = panelPositions.map { panel in
            measures.flatMap { measure in
                (lines == nil ? [nil] : positions[lines!]!.map(Optional.some)).map { line in
                    series(measure, line: line, panel: panel, grid, values)
                }
            }
        }
        let drawn = found.joined().joined().compactMap(\.estimate?.mean)
        guard !drawn.isEmpty else { return nil }
        let isLogarithmic = spansMagnitudes(drawn)
        let panels = zip(panelPositions, found).map { position, series in
            Figure.Panel(
                title: position.map { self.panels!.equation($0, in: grid) } ?? "",
                content: kind == .map
                    ? .map(map(series, grid)) : .curves(curves(series, grid, isLogarithmic)))
        }
        let measured = Figure.Quantity(
            name: measures.count == 1 ? measures[0].name : "risk",
            title: measures.count == 1 ? measures[0].title : "risk and bounds",
            isLogarithmic: isLogarithmic)
        let ordered = lines.map { Figure.Quantity(name: $0.key, title: $0.title) }
        return Figure(
            name: name, title: title,
            caption: caption(of: sweep, series: Array(found.joined()), isLogarithmic),
            x: Figure.Quantity(
                name: x.key, title: x.title,
                isLogarithmic: kind == .curves && spansMagnitudes(x, in: grid)),
            y: kind == .map ? ordered! : measured,
            key: kind == .map ? measured : ordered ?? Figure.Quantity(name: "measure", title: ""),
            colours: measures.count > 1 ? .distinct : .ordered, panels: panels)
    }

    private var panelPositions: [Int?] {
        guard let panels else { return [nil] }
        return positions[panels]!.map(Optional.some)
    }

    /// A value of x, and the estimate there; nil if there is none.
    struct Place { var x: Double; var estimate: Estimate? }

    private func series(
        _ measure: Measure, line: Int?, panel: Int?, _ grid: Grid, _ values: Estimates
    ) -> [Place] {
        let xs = x.values(of: grid)
        return positions[x]!.map { position in
            var chosen = [x: position]
            if let lines { chosen[lines] = line }
            if let panels { chosen[panels] = panel }
            return Place(
                x: xs[position],
                estimate: values[point(of: grid, chosen)]?[measure])
        }
    }

    private func curves(_ series: [[Place]], _ grid: Grid, _ isLogarithmic: Bool) -> [Figure.Curve]
    {
        let labels =
            lines.map { axis in positions[axis]!.map { text(of: axis.values(of: grid)[$0]) } }
            ?? measures.map(\.title)
        return zip(labels, series).map { label, places in
            let points = places.compactMap { place -> Figure.Point? in
                guard let estimate = place.estimate, !isLogarithmic || estimate.mean > 0
                else { return nil }
                return Figure.Point(
                    x: place.x, y: estimate.mean,
                    error: estimate.error.isNaN ? nil : estimate.error)
            }
            let finite = points.filter { $0.x.isFinite }
            var limit = points.first { !$0.x.isFinite }
            limit?.x = 0
            return Figure.Curve(
                label: label, points: finite, limit: limit,
                best: marksBest ? finite.indices.min { finite[$0].y < finite[$1].y } : nil)
        }
    }

    private func map(_ series: [[Place]], _ grid: Grid) -> Figure.Map {
        Figure.Map(
            x: positions[x]!.map { x.values(of: grid)[$0] },
            y: positions[lines!]!.map { lines!.values(of: grid)[$0] },
            values: series.map { $0.map { $0.estimate?.mean } })
    }

    /// Whether curves mark their best point: a curve of the error over the soft ratio is drawn to show how much
    /// of the teacher to use.
    var marksBest: Bool {
        x == .softRatio
            && (measures == [.metric(.studentError)] || measures == [.metric(.transferRisk)])
    }

    private func spansMagnitudes(_ axis: Axis, in grid: Grid) -> Bool {
        let finite = positions[axis]!.map { axis.values(of: grid)[$0] }.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max(), low > 0 else { return false }
        return axis == .width || high / low >= 5
    }

    /// Whether the values need a logarithmic scale: bounds do, since they are far above what they bound; other
    /// values only if they span more than a factor of twenty.
    private func spansMagnitudes(_ values: [Double]) -> Bool {
        guard let high = values.max(), high > 0 else { return false }
        if measures.count > 1 || measures[0].isLogarithmic { return true }
        return values.min()! > 0 && high / values.min()! > 20
    }
}
