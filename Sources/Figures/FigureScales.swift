/// How a figure's numbers lie in its pictures.
extension Figure {
    func layout(_ style: Style = Style()) -> Layout {
        let labels = panels[0].labels + references.prefix(1).map(\.label)
        let isKeyed = labels.count > 1
        return Layout(
            panels: panels.count,
            key: Layout.Key(
                letters: isMap ? 8 : isKeyed ? (labels + [key.title]).map(\.count).max()! : 0,
                entries: isKeyed ? labels.count : 0, hasTitle: isKeyed && !key.title.isEmpty),
            title: style.isBare ? "" : title, caption: style.isBare ? "" : caption,
            width: style.width.map { $0 * Style.pointsPerInch })
    }

    var isMap: Bool {
        switch panels[0].content {
        case .curves: false
        case .map: true
        }
    }

    /// Those of all panels.
    var references: [Reference] { panels.flatMap(\.references) }

    func curves(of panel: Panel) -> [Curve] {
        switch panel.content {
        case .curves(let curves): curves
        case .map: []
        }
    }

    /// The scales of all panels: the same for each, so that panels can be compared.
    func scales(in layout: Layout) -> (x: Scale, y: Scale) {
        let frame = layout.frames[0]
        let (width, height) = (frame.right - frame.left, frame.top - frame.bottom)
        if case .map(let map) = panels[0].content {
            return (
                Scale(stripsOf: map.x, isLogarithmic: x.isLogarithmic, room: width),
                Scale(stripsOf: map.y, isLogarithmic: y.isLogarithmic, room: height)
            )
        }
        let curves = panels.flatMap(curves)
        return (
            Scale(
                at: Array(Set(curves.flatMap(\.points).map(\.x))), isLogarithmic: x.isLogarithmic,
                room: width),
            Scale(covering: measured(y, of: curves), isLogarithmic: y.isLogarithmic)
        )
    }

    /// The values that the scale of the curves' height covers.
    private func measured(_ quantity: Quantity, of curves: [Curve]) -> [Double] {
        if let extent = quantity.extent { return [extent.low, extent.high] }
        let points = curves.flatMap(\.points) + curves.compactMap(\.limit)
        let means = points.map(\.y) + references.flatMap(\.values)
        return quantity.isLogarithmic
            ? means
            : means + points.compactMap(\.band).flatMap { [$0.low, $0.high] }
    }

    /// The scale of a map's colours.
    var colourScale: Scale {
        let values = panels.flatMap { panel -> [Double] in
            switch panel.content {
            case .curves: []
            case .map(let map): map.values.joined().compactMap { $0 }
            }
        }
        let ends = key.extent.map { [$0.low, $0.high] } ?? values
        var scale = Scale(covering: ends, isLogarithmic: key.isLogarithmic)
        if let low = ends.min(), let high = ends.max(), low < high {
            (scale.low, scale.high) = (low, high)
            scale.tics.removeAll { !(low...high).contains($0.value) }
        }
        return scale
    }
}
