/// The known name that was most likely meant by `name`; nil if none is near.
func nearestName(to name: String, among known: [String]) -> String? {
    let name = Array(name.lowercased().utf8)
    guard name.count <= 64 else { return nil }
    let near = known.map { (name: $0, distance: editDistance(name, Array($0.lowercased().utf8))) }
        .filter { $0.distance <= min(3, max(name.count, $0.name.utf8.count) / 2) }
    return near.min { $0.distance < $1.distance }?.name
}

/// How many insertions, deletions, replacements and swaps of neighbours turn `a` into `b`.
///
/// The optimal string alignment distance: a swap is one edit, as `taks` is one slip from `task`.
/// O(|a| |b|).
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in 0..<a.count {
        var row = [i + 1]
        for j in 0..<b.count {
            var distance = min(last[j + 1], row[j]) + 1
            distance = min(distance, last[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                distance = min(distance, beforeLast[j - 1] + 1)
            }
            row.append(distance)
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}

/// `a`, `a or b`, `a, b or c`
func listed(_ names: [String], _ conjunction: String) -> String {
    guard names.count > 1 else { return names.joined() }
    return names.dropLast().joined(separator: ", ") + " \(conjunction) " + names[names.count - 1]
}
