import ArgumentParser

/// `5.5in`, `14cm`, `140mm`
struct Length: ExpressibleByArgument {
    let inches: Double
    let text: String

    private static let units = [("in", 1), ("cm", 2.54), ("mm", 25.4)]

    init?(argument: String) {
        guard let unit = Self.units.first(where: { argument.hasSuffix($0.0) }),
            let count = Double(argument.dropLast(2)), count.isFinite, count > 0
        else { return nil }
        inches = count / unit.1
        text = argument
    }
}
