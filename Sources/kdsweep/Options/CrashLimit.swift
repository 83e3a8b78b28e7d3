import ArgumentParser

/// How many workers a task may crash before it is given up.
enum CrashLimit: Hashable, ExpressibleByArgument, CustomStringConvertible {
    case after(Int)
    case never

    static let help: ArgumentHelp =
        "How many workers a task may crash before its cells are failed; or never."

    init?(argument: String) {
        if argument == "never" {
            self = .never
        } else {
            guard let count = Int(argument), count >= 1 else { return nil }
            self = .after(count)
        }
    }

    /// Nil: any number.
    var count: Int? {
        switch self {
        case .after(let count): count
        case .never: nil
        }
    }

    var description: String { count.map(String.init) ?? "never" }
}
