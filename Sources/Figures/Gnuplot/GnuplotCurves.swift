/// How a panel's curves are drawn.
extension ScriptWriter {
    mutating func writeCurves(_ curves: [Figure.Curve], _ number: Int) {
        lines.append("  unset key")
        var plots: [String] = []
        for (index, reference) in figure.panels[number].references.enumerated() {
            let block = named(.init(panel: number, curve: index, part: .reference))!
            // A lone point makes no line.
            let kind = reference.isLone ? "points pt 1" : "lines"
            plots.append(
                "data index \(block) using 1:2 with \(kind) \(look(of: reference)) notitle")
        }
        for (index, curve) in curves.enumerated() {
            if let limit = named(.init(panel: number, curve: index, part: .limit)) {
                plots.append(
                    "data index \(limit) using 1:2 with lines ls \(index + 1) dt 2 notitle")
            }
            guard let block = named(.init(panel: number, curve: index, part: .points)) else {
                continue
            }
            plots += lines(of: curve, index, "data index \(block)")
        }
        for index in curves.indices {
            if let block = named(.init(panel: number, curve: index, part: .plausible)) {
                plots.append(
                    "data index \(block) using 1:2:3:4 with xerrorbars ls \(index + 1) pt -1 "
                        + "lw 1.8 notitle")
            }
        }
        plots += rings(of: curves, number)
        if plots.isEmpty { plots = ["NaN notitle"] }
        lines.append("  plot \(plots.joined(separator: ", \\\n    "))")
    }

    /// A curve's band, its line and its marks. A lone point has no band to be seen, so it has a bar.
    private func lines(of curve: Figure.Curve, _ index: Int, _ block: String) -> [String] {
        let style = "ls \(index + 1)"
        // A band that reaches below the range ends at its lower end. On a logarithmic scale one with an error as
        // large as its mean would otherwise not be drawn.
        let (low, high) = curve.hasRanges ? ("$6", "$7") : ("$2 - $3", "$2 + $3")
        let lower = "(\(low) > \(y.low) ? \(low) : \(y.low))"
        let isLone = curve.points.count == 1
        let hasPartial = curve.points.contains(where: \.isPartial)
        let hasMarks = isLone || !isDense
        var plots: [String] = []
        if isLone {
            if curve.points[0].band != nil {
                plots.append(
                    "\(block) using 1:2:\(lower):(\(high)) with yerrorbars \(style) pt -1 notitle")
            }
        } else {
            plots.append(
                "\(block) using 1:\(lower):(\(high)) with filledcurves "
                    + "fs transparent solid 0.18 noborder \(style) notitle")
            plots.append(
                "\(block) using 1:2 with \(hasMarks && !hasPartial ? "linespoints" : "lines") \(style) notitle"
            )
        }
        if isLone && !hasPartial {
            plots.append("\(block) using 1:2 with points \(style) notitle")
        }
        guard hasPartial else { return plots }
        if hasMarks, !curve.points.allSatisfy(\.isPartial) {
            plots.append("\(block) using 1:($5 == 0 ? $2 : NaN) with points \(style) notitle")
        }
        let (full, hollow) = Self.marks[index % Self.marks.count]
        for shape in ["pt \(full) lc rgb '#ffffff'", "pt \(hollow) lw 1.2"] {
            plots.append(
                "\(block) using 1:($5 == 1 ? $2 : NaN) with points \(style) \(shape) ps \(size(0.6)) notitle"
            )
        }
        return plots
    }

    /// Rings around the best points; those that would hide each other get wider and wider.
    private func rings(of curves: [Figure.Curve], _ number: Int) -> [String] {
        let frame = layout.frames[number]
        var drawn: [(x: Double, y: Double)] = []
        return curves.enumerated().compactMap { index, curve in
            guard let best = curve.best else { return nil }
            let point = curve.points[best]
            let place = (
                x: x.share(point.x) * (frame.right - frame.left),
                y: y.share(point.y) * (frame.top - frame.bottom)
            )
            let hidden = drawn.count {
                abs($0.x - place.x) < Self.ringDistance && abs($0.y - place.y) < Self.ringDistance
            }
            drawn.append(place)
            let block = named(.init(panel: number, curve: index, part: .points))!
            return "data index \(block) using 1:($4 == 1 ? $2 : NaN) with points "
                + "ls \(index + 1) pt 6 ps \(size(1.7 + 0.7 * Double(hidden))) lw 1.8 notitle"
        }
    }

    /// Rings that are nearer to each other, in points, can't be told apart.
    private static let ringDistance = 5.0

    /// The key has a plot of its own over the whole figure: in a panel it had no more lines than the panel is
    /// high.
    mutating func writeKey() {
        guard layout.keyRows > 0 else { return }
        let (curves, title) = (figure.curves(of: figure.panels[0]), figure.key.title)
        lines += [
            "", "  unset border", "  unset tics", "  unset label",
            "  set lmargin at screen 0", "  set rmargin at screen 1", "  set bmargin at screen 0",
            "  set tmargin at screen 1",
            "  set key at screen \(across(layout.keyPlace.x)),\(up(layout.keyPlace.y)) left top Left "
                + "reverse samplen 1.6 spacing 1.25 maxrows \(layout.keyRows) tc rgb ink"
                + (title.isEmpty ? "" : " title \(quoted(title)) left"),
        ]
        let areLone = figure.panels.flatMap { figure.curves(of: $0) }.allSatisfy {
            $0.points.count <= 1 && $0.limit == nil
        }
        let kind = areLone ? "points" : isDense ? "lines" : "linespoints"
        var entries = curves.enumerated().map { index, curve in
            "NaN with \(kind) ls \(index + 1) title \(quoted(curve.label))"
        }
        if let reference = figure.references.first {
            let look = Self.dots + (reference.curve == nil ? Self.grey : " lc rgb ink")
            let kind = figure.references.allSatisfy(\.isLone) ? "points pt 1" : "lines"
            entries.append("NaN with \(kind) \(look) title \(quoted(reference.label))")
        }
        lines.append("  plot \(entries.joined(separator: ", \\\n    "))")
    }

    private static let dots = "dt 3 lw 1.6"
    private static let grey = " lc rgb '#666666'"

    private func look(of reference: Figure.Reference) -> String {
        reference.curve.map { "ls \($0 + 1) \(Self.dots)" } ?? Self.dots + Self.grey
    }
}
