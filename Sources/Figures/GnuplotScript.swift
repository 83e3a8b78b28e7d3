/// A gnuplot script that draws a figure as SVG, PDF and PNG, and the data that it reads.
struct GnuplotScript {
    static let formats = ["svg", "pdf", "png"]

    let text: String
    let data: GnuplotData

    init(_ figure: Figure) {
        var writer = ScriptWriter(figure)
        writer.write()
        text = writer.lines.joined(separator: "\n") + "\n"
        data = writer.data
    }
}

private struct ScriptWriter {
    let figure: Figure
    let layout: Layout
    let x: Scale
    let y: Scale
    let data: GnuplotData
    var lines: [String] = []

    init(_ figure: Figure) {
        self.figure = figure
        layout = figure.layout
        (x, y) = figure.scales
        data = GnuplotData(figure, x: x)
    }

    mutating func write() {
        lines += [
            "# \(figure.title). Draws \(figure.name).svg, .pdf and .png from \(figure.name).dat:",
            "#   gnuplot \(figure.name).gp",
            "data = '\(figure.name).dat'", "font = 'sans-serif'", "ink = '#333333'", "",
        ]
        writeStyles()
        lines.append("do for [format in '\(GnuplotScript.formats.joined(separator: " "))'] {")
        writeTerminals()
        lines += [
            "  set output '\(figure.name).'.format",
            "  set multiplot",
        ]
        for number in figure.panels.indices { writePanel(number) }
        lines += ["  unset multiplot", "  unset output", "}"]
    }

    // MARK: - Before the panels

    private mutating func writeStyles() {
        lines += [
            "set encoding utf8", "set border 3 lc rgb ink lw 0.8",
            "set tics nomirror out scale 0.5",
            "set grid back lc rgb '#dddddd' lw 0.6 dt 1",
            "set xrange [\(x.low):\(x.high)]", "set yrange [\(y.low):\(y.high)]",
        ]
        if x.isLogarithmic { lines.append("set logscale x") }
        if y.isLogarithmic { lines.append("set logscale y") }
        lines += ["set mxtics 1", "set mytics 1"]
        if figure.isMap {
            let colours = figure.colourScale
            let stops = Viridis.anchors.indices.map { index in
                "\(index) '\(Viridis.colour(at: Double(index) / Double(Viridis.anchors.count - 1)))'"
            }
            lines += [
                "unset grid", "set border 0", "set tics scale 0",
                "set palette defined (\(stops.joined(separator: ", ")))",
                "set cbrange [\(colours.low):\(colours.high)]",
                "set cbtics (\(tics(colours, labelled: true))) scale 0 tc rgb ink",
            ]
            if colours.isLogarithmic { lines.append("set logscale cb") }
        } else {
            let colours = figure.colours.sample(figure.labels.count)
            let shapes = [7, 5, 9, 11, 13, 6, 4, 8]
            for (index, colour) in colours.enumerated() {
                lines.append(
                    "set style line \(index + 1) lc rgb '\(colour)' lw 1.6 "
                        + "pt \(shapes[index % shapes.count]) ps 0.55")
            }
        }
        lines.append("")
    }

    private mutating func writeTerminals() {
        let (width, height) = (Int(layout.width), Int(layout.height))
        // The sizes are the same in all three: a point is a pixel of the SVG, 96 to the inch, and two pixels of
        // the PNG.
        lines += [
            "  if (format eq 'svg') {",
            "    set terminal svg size \(width),\(height) font font.',12' noenhanced background '#ffffff'",
            "  }",
            "  if (format eq 'pdf') {",
            "    set terminal pdfcairo size \(width) / 96.0,\(height) / 96.0 font font.',12' "
                + "noenhanced fontscale 0.56 background '#ffffff'",
            "  }",
            "  if (format eq 'png') {",
            "    set terminal pngcairo size \(2 * width),\(2 * height) font font.',12' "
                + "fontscale 1.5 linewidth 2 pointscale 2 noenhanced background '#ffffff'",
            "  }",
        ]
    }

    // MARK: - Panels

    private mutating func writePanel(_ number: Int) {
        let frame = layout.frames[number]
        let (panel, isFirst) = (figure.panels[number], number == 0)
        lines += [
            "",
            "  set lmargin at screen \(across(frame.left))",
            "  set rmargin at screen \(across(frame.right))",
            "  set bmargin at screen \(up(frame.bottom))",
            "  set tmargin at screen \(up(frame.top))",
            "  unset label",
        ]
        if !panel.title.isEmpty {
            lines.append(
                "  set label 99 \(quoted(panel.title)) at graph 0.5,1 center offset 0,0.8 tc rgb ink"
            )
        }
        if isFirst { writeTexts() }
        writeTics(frame)
        switch panel.content {
        case .curves(let curves): writeCurves(curves, number)
        case .map(let map): writeMap(map, number)
        }
    }

    private mutating func writeTexts() {
        lines.append(
            "  set label 98 \(quoted(figure.title)) at screen \(across(12)),\(up(layout.height - 18)) "
                + "font font.',14' tc rgb ink")
        for (index, text) in layout.caption.enumerated() {
            let height = layout.captionTop - Layout.lineHeight * (Double(index) + 0.7)
            lines.append(
                "  set label \(index + 1) \(quoted(text)) at screen \(across(12)),\(up(height)) "
                    + "font font.',10' tc rgb '#555555'")
        }
    }

    private mutating func writeTics(_ frame: Layout.Frame) {
        // The axes' titles are placed here: gnuplot itself would place them differently in each format.
        let (centre, middle) = ((frame.left + frame.right) / 2, (frame.bottom + frame.top) / 2)
        lines += [
            frame.isLowest
                ? "  set label 96 \(quoted(figure.x.title)) at screen \(across(centre)),"
                    + "\(up(frame.bottom - 43)) center tc rgb ink" : "  unset label 96",
            frame.isLeftmost
                ? "  set label 97 \(quoted(figure.y.title)) at screen \(across(14)),\(up(middle)) "
                    + "center rotate by 90 tc rgb ink" : "  unset label 97",
            "  set xtics (\(tics(x, labelled: frame.isLowest))) tc rgb ink",
            "  set ytics (\(tics(y, labelled: frame.isLeftmost))) tc rgb ink",
        ]
    }

    private func tics(_ scale: Scale, labelled: Bool) -> String {
        scale.tics.map { "\(quoted(labelled ? $0.label : "")) \($0.value)" }
            .joined(separator: ", ")
    }

    private mutating func writeCurves(_ curves: [Figure.Curve], _ number: Int) {
        var plots: [String] = []
        // A band that reaches below the range ends at its lower end. On a logarithmic scale one with an error as
        // large as its mean would otherwise not be drawn.
        let lower = "($2 - $3 > \(y.low) ? $2 - $3 : \(y.low))"
        // With many points the marks would touch and hide the line, so it is drawn without marks.
        let isDense = curves.contains { $0.points.count > 24 }
        for (index, curve) in curves.enumerated() {
            let style = "ls \(index + 1)"
            let block = { [data] part in
                data.index(of: .init(panel: number, curve: index, part: part))
            }
            if let limit = block(.limit) {
                plots.append("data index \(limit) using 1:2 with lines \(style) dt 2 notitle")
            }
            guard let points = block(.points) else { continue }
            plots.append(
                "data index \(points) using 1:\(lower):($2 + $3) with filledcurves "
                    + "fs transparent solid 0.18 noborder \(style) notitle")
            plots.append(
                "data index \(points) using 1:2 with \(isDense ? "lines" : "linespoints") \(style) notitle"
            )
            if curve.best != nil {
                plots.append(
                    "data index \(points) using 1:($4 == 1 ? $2 : NaN) with points "
                        + "lc rgb '\(figure.colours.sample(curves.count)[index])' pt 6 ps 1.7 lw 1.8 notitle"
                )
            }
        }
        if number == 0, curves.count > 1 {
            let title = figure.key.title
            lines.append(
                "  set key at screen \(across(layout.key.x)),\(up(layout.key.y)) left top Left reverse "
                    + "samplen 1.6 spacing 1.25 tc rgb ink"
                    + (title.isEmpty ? "" : " title \(quoted(title)) left"))
            for (index, curve) in curves.enumerated() {
                plots.append(
                    "NaN with \(isDense ? "lines" : "linespoints") ls \(index + 1) title \(quoted(curve.label))"
                )
            }
        } else {
            lines.append("  unset key")
            if plots.isEmpty { plots = ["NaN notitle"] }
        }
        lines.append("  plot \(plots.joined(separator: ", \\\n    "))")
    }

    private mutating func writeMap(_ map: Figure.Map, _ number: Int) {
        lines.append("  unset key")
        if number == 0 {
            let frame = layout.frames[0]
            lines += [
                "  set colorbox user origin \(across(layout.key.x)),\(up(frame.bottom)) "
                    + "size \(across(14)),\(up(frame.top - frame.bottom)) noborder",
                "  set cblabel \(quoted(figure.key.title)) tc rgb ink",
            ]
        } else {
            lines.append("  unset colorbox")
        }
        let block = { [data] part in data.index(of: .init(panel: number, curve: 0, part: part))! }
        lines.append(
            "  plot data index \(block(.map)) using 3:4:(0.5):(0.5):5 with boxxyerror "
                + "fs solid 1 noborder lc palette notitle, \\\n"
                + "    data index \(block(.best)) using 1:2 with points pt 6 ps 1.2 lw 3 "
                + "lc rgb '#ffffff' notitle, \\\n"
                + "    data index \(block(.best)) using 1:2 with points pt 6 ps 1.2 lw 1.2 "
                + "lc rgb '#000000' notitle")
    }

    // MARK: - Words and places

    /// The text in single quotes: in these gnuplot takes every character but the quote itself as it is.
    private func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

    private func across(_ points: Double) -> Double { places(points / layout.width) }
    private func up(_ points: Double) -> Double { places(points / layout.height) }
    private func places(_ share: Double) -> Double { (share * 1e5).rounded() / 1e5 }
}

extension Figure {
    var layout: Layout {
        let longest = (labels + [key.title]).map(\.count).max()!
        return Layout(
            panels: panels.count, keyWidth: isMap ? 110 : max(90, Double(longest) * 6.2 + 62),
            caption: caption)
    }

    fileprivate var isMap: Bool {
        switch panels[0].content {
        case .curves: false
        case .map: true
        }
    }

    /// The labels of its curves.
    fileprivate var labels: [String] { curves(of: panels[0]).map(\.label) }

    private func curves(of panel: Panel) -> [Curve] {
        switch panel.content {
        case .curves(let curves): curves
        case .map: []
        }
    }

    /// The scales of all panels: the same for each, so that panels can be compared.
    var scales: (x: Scale, y: Scale) {
        if case .map(let map) = panels[0].content {
            return (Scale(cells: map.x), Scale(cells: map.y))
        }
        let curves = panels.flatMap(curves)
        let points = curves.flatMap(\.points)
        let ends = (points + curves.compactMap(\.limit)).flatMap { point in
            [point.y] + (point.error.map { [point.y - $0, point.y + $0] } ?? [])
        }
        return (
            Scale(at: Array(Set(points.map(\.x))), isLogarithmic: x.isLogarithmic),
            Scale(
                covering: y.isLogarithmic ? (points + curves.compactMap(\.limit)).map(\.y) : ends,
                isLogarithmic: y.isLogarithmic)
        )
    }

    fileprivate var colourScale: Scale {
        let values = panels.flatMap { panel -> [Double] in
            switch panel.content {
            case .curves: []
            case .map(let map): map.values.joined().compactMap { $0 }
            }
        }
        var scale = Scale(covering: values, isLogarithmic: key.isLogarithmic)
        if let low = values.min(), let high = values.max(), low < high {
            (scale.low, scale.high) = (low, high)
            scale.tics.removeAll { !(low...high).contains($0.value) }
        }
        return scale
    }
}
