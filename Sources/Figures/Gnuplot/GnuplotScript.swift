/// A gnuplot script that draws a figure, and the data that it reads.
struct GnuplotScript {
    let text: String
    let data: GnuplotData

    init(_ figure: Figure, _ style: Style = Style()) {
        var writer = ScriptWriter(figure, style)
        writer.write()
        text = ScriptSeal.sealed(writer.lines.joined(separator: "\n") + "\n")
        data = writer.data
    }
}

struct ScriptWriter {
    let figure: Figure
    let style: Style
    let layout: Layout
    let x: Scale
    let y: Scale
    let data: GnuplotData
    /// Whether the marks of some curve would touch and hide its line.
    let isDense: Bool
    var lines: [String] = []

    /// Shapes of full marks, and the hollow ones of the same shape.
    static let marks = [(7, 6), (5, 4), (9, 8), (11, 10), (13, 12), (15, 14)]

    init(_ figure: Figure, _ style: Style) {
        self.figure = figure
        self.style = style
        layout = figure.layout(style)
        (x, y) = figure.scales(in: layout)
        data = GnuplotData(figure, x: x)
        isDense = figure.panels.flatMap { figure.curves(of: $0) }.contains { $0.points.count > 24 }
    }

    mutating func write() {
        let formats = style.formats.map(\.rawValue)
        lines += [
            "# \(figure.title). Draws \(figure.name).\(formats.joined(separator: ", .")) from "
                + "\(figure.name).dat:",
            "#   gnuplot \(figure.name).gp",
            "data = '\(figure.name).dat'", "font = 'sans-serif'", "ink = '#333333'", "",
        ]
        writeStyles()
        lines.append("do for [format in '\(formats.joined(separator: " "))'] {")
        writeTerminals()
        lines += [
            "  set output '\(figure.name).'.format",
            "  set multiplot",
        ]
        for number in figure.panels.indices { writePanel(number) }
        writeKey()
        lines += ["  unset multiplot", "  unset output", "}"]
    }

    // MARK: - Before the panels

    private mutating func writeStyles() {
        lines += [
            "set encoding utf8",
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
                "unset grid",
                "set palette defined (\(stops.joined(separator: ", ")))",
                "set cbrange [\(colours.low):\(colours.high)]",
                "set cbtics (\(tics(colours, labelled: true))) scale 0 tc rgb ink",
            ]
            if colours.isLogarithmic { lines.append("set logscale cb") }
        } else {
            let colours = figure.colours.sample(figure.panels[0].labels.count)
            for (index, colour) in colours.enumerated() {
                lines.append(
                    "set style line \(index + 1) lc rgb '\(colour)' lw 1.6 "
                        + "pt \(Self.marks[index % Self.marks.count].0) ps \(size(0.55))")
            }
        }
        lines.append("")
    }

    private mutating func writeTerminals() {
        let (width, height) = (Int(layout.width), Int(layout.height))
        let letters = text(of: layout.lettering.text)
        // The sizes are the same in all three: a point is a pixel of the SVG, 96 to the inch, and two pixels of
        // the PNG.
        lines += [
            "  if (format eq 'svg') {",
            "    set terminal svg size \(width),\(height) font font.',\(letters)' noenhanced background '#ffffff'",
            "  }",
            "  if (format eq 'pdf') {",
            "    set terminal pdfcairo size \(width) / 96.0,\(height) / 96.0 font font.',\(letters)' "
                + "noenhanced fontscale 0.56 background '#ffffff'",
            "  }",
            "  if (format eq 'png') {",
            "    set terminal pngcairo size \(2 * width),\(2 * height) font font.',\(letters)' "
                + "fontscale 1.5 linewidth 2 pointscale 2 noenhanced background '#ffffff'",
            "  }",
        ]
    }

    // MARK: - Panels

    private mutating func writePanel(_ number: Int) {
        let frame = layout.frames[number]
        let panel = figure.panels[number]
        lines += [
            "",
            "  set lmargin at screen \(across(frame.left))",
            "  set rmargin at screen \(across(frame.right))",
            "  set bmargin at screen \(up(frame.bottom))",
            "  set tmargin at screen \(up(frame.top))",
            "  unset label",
            "  set border \(figure.isMap ? 0 : 3) lc rgb ink lw 0.8",
            "  set tics out scale \(figure.isMap ? 0 : 0.5)",
        ]
        if !panel.title.isEmpty {
            lines.append(
                "  set label 99 \(quoted(panel.title)) at graph 0.5,1 center offset 0,0.8 tc rgb ink"
            )
        }
        if number == 0 { writeTexts() }
        writeTics(frame)
        switch panel.content {
        case .curves(let curves): writeCurves(curves, number)
        case .map(let map): writeMap(map, number)
        }
    }

    private mutating func writeTexts() {
        for (index, line) in layout.title.enumerated() {
            let height = layout.height - 18 * Double(index + 1)
            lines.append(
                "  set label \(90 + index) \(quoted(line)) at screen \(across(12)),\(up(height)) "
                    + "font font.',\(text(of: layout.lettering.title))' tc rgb ink")
        }
        for (index, line) in layout.caption.enumerated() {
            let height = layout.captionTop - Layout.lineHeight * (Double(index) + 0.7)
            lines.append(
                "  set label \(index + 1) \(quoted(line)) at screen \(across(12)),\(up(height)) "
                    + "font font.',\(text(of: layout.lettering.caption))' tc rgb '#555555'")
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
            "  set xtics nomirror (\(tics(x, labelled: frame.isLowest))) tc rgb ink",
            "  set ytics nomirror (\(tics(y, labelled: frame.isLeftmost))) tc rgb ink",
        ]
    }

    private func tics(_ scale: Scale, labelled: Bool) -> String {
        scale.tics.map { "\(quoted(labelled ? $0.label : "")) \($0.value)" }
            .joined(separator: ", ")
    }

    /// A block's name as gnuplot reads it; nil if there is no such block.
    func named(_ block: GnuplotData.Block) -> String? {
        data.name(of: block).map(quoted)
    }

    // MARK: - Words and places

    /// The text in single quotes: in these gnuplot takes every character but the quote itself as it is.
    func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

    /// A mark's size, in proportion to the letters.
    func size(_ usual: Double) -> Double {
        (usual * layout.lettering.text / Layout.Lettering.usual.text * 100).rounded() / 100
    }

    func across(_ points: Double) -> Double { places(points / layout.width) }
    func up(_ points: Double) -> Double { places(points / layout.height) }
    private func places(_ share: Double) -> Double { (share * 1e5).rounded() / 1e5 }
}
