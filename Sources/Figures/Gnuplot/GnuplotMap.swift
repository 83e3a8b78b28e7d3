/// How a panel's map is drawn.
extension ScriptWriter {
    mutating func writeMap(_ map: Figure.Map, _ number: Int) {
        lines.append("  unset key")
        if number == 0 {
            let frame = layout.frames[0]
            lines += [
                "  set colorbox user origin \(across(layout.keyPlace.x)),\(up(frame.bottom)) "
                    + "size \(across(14)),\(up(frame.top - frame.bottom)) noborder",
                "  set cblabel \(quoted(figure.key.title)) tc rgb ink",
            ]
        } else {
            lines.append("  unset colorbox")
        }
        func block(_ part: GnuplotData.Block.Part) -> String? {
            named(.init(panel: number, curve: 0, part: part))
        }
        var plots: [String] = []
        if let cells = block(.map), block(.best) != nil {
            plots.append(
                "data index \(cells) using 1:2:3:4:5:6:7 with boxxyerror fs solid 1 noborder "
                    + "lc palette notitle")
        }
        // White with a black edge, so that they are seen on every colour.
        let marks: [(part: GnuplotData.Block.Part, full: Int, hollow: Int, size: Double)] = [
            (.partial, 5, 4, 0.45), (.best, 7, 6, 0.9),
        ]
        for mark in marks {
            guard let block = block(mark.part) else { continue }
            for look in [
                "pt \(mark.full) lc rgb '#ffffff'", "pt \(mark.hollow) lw 1.2 lc rgb '#000000'",
            ] {
                plots.append(
                    "data index \(block) using 1:2 with points \(look) ps \(size(mark.size)) notitle"
                )
            }
        }
        if plots.isEmpty { plots = ["NaN notitle"] }
        lines.append("  plot \(plots.joined(separator: ", \\\n    "))")
    }
}
