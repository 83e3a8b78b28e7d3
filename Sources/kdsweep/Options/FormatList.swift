import ArgumentParser
import Figures

/// `svg,pdf`
struct FormatList: ExpressibleByArgument {
    let formats: [Style.Format]

    init?(argument: String) {
        let found = argument.split(separator: ",", omittingEmptySubsequences: false)
            .map { Style.Format(rawValue: String($0)) }
        guard !found.contains(nil), Set(found).count == found.count else { return nil }
        formats = found.compactMap { $0 }
    }

    static var allValueStrings: [String] { Style.Format.allCases.map(\.rawValue) }
}
