import ArgumentParser
import Figures
import Sweep

/// Different elements in the order given: `svg,pdf`, `student_error,teacher_error`
struct CommaList<Element: ExpressibleByArgument & Hashable>: ExpressibleByArgument {
    let elements: [Element]

    init?(argument: String) {
        let found = argument.split(separator: ",", omittingEmptySubsequences: false)
            .map { Element(argument: String($0)) }
        guard !found.contains(nil), Set(found).count == found.count else { return nil }
        elements = found.compactMap { $0 }
    }

    static var allValueStrings: [String] { Element.allValueStrings }
}

extension Style.Format: ExpressibleByArgument {}

extension Metric: ExpressibleByArgument {
    public init?(argument: String) { self.init(rawValue: argument) }

    public static var allValueStrings: [String] { allCases.map(\.rawValue) }
}

extension Measure: ExpressibleByArgument {
    public init?(argument: String) { self.init(name: argument) }

    public static var allValueStrings: [String] { allCases.map(\.name) }
}
