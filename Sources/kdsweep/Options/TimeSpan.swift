import ArgumentParser

/// A duration as an argument: seconds, or numbers with units, as in `90`, `30m`, `1h30m`, `2d`.
struct TimeSpan: Hashable, ExpressibleByArgument {
    let duration: Duration

    init?(argument: String) {
        if let seconds = Int(argument) {
            guard (1...Self.longest).contains(seconds) else { return nil }
            duration = .seconds(seconds)
            return
        }
        var total = 0
        var digits = ""
        for character in argument {
            if character.isNumber {
                digits.append(character)
                continue
            }
            guard let unit = Self.units[character], let number = Int(digits),
                number <= Self.longest / unit
            else { return nil }
            total += number * unit
            digits = ""
        }
        guard digits.isEmpty, (1...Self.longest).contains(total) else { return nil }
        duration = .seconds(total)
    }

    private static let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
    /// Some thirty years, in seconds.
    private static let longest = 1_000_000_000
}
