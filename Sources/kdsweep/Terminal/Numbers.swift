// Numbers as a reader has them in words and tables.

/// `3,072 cells`
func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(grouped(count)) \(count == 1 ? noun : plural ?? noun + "s")"
}

/// `3,072`
func grouped(_ count: Int) -> String {
    var text = ""
    for (index, digit) in String(count).reversed().enumerated() {
        if index > 0, index % 3 == 0 { text.append(",") }
        text.append(digit)
    }
    return String(text.reversed())
}

/// `8 to 96`, or `8` where that is all
func inWords(_ range: ClosedRange<Int>) -> String {
    range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
}

/// `41`, in percent
func percent(_ share: Double) -> String {
    let percent = (100 * share).rounded()
    return percent == 0 ? "<1" : "\(Int(percent))"
}

/// `3.8 GB`
func scaled(_ value: Double, _ unit: String) -> String {
    let prefixes = ["", "k", "M", "G", "T", "P", "E"]
    var (value, index) = (value, 0)
    while value >= 999.5, index < prefixes.count - 1 {
        (value, index) = (value / 1000, index + 1)
    }
    return "\(twoDigits(value)) \(prefixes[index])\(unit)"
}

/// `120 us`, `1.6 s`, `2 min 5 s`, `3 h 0 min`
func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<0.9995e-3: "\(twoDigits(seconds * 1e6)) us"
    case ..<0.9995: "\(twoDigits(seconds * 1e3)) ms"
    case ..<59.95: "\(twoDigits(seconds)) s"
    default: ProgressDisplay.clock(.seconds(seconds))
    }
}

/// One digit after the point below ten, none from there on.
private func twoDigits(_ value: Double) -> String {
    value < 9.95 ? "\((value * 10).rounded() / 10)" : "\(Int(value.rounded()))"
}
