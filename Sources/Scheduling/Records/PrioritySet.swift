import HeapModule

/// A set that gives its smallest element first.
///
/// A removed element stays in the heap until it surfaces or the heap is rebuilt, so that removal
/// needs no search. Insertion and removal cost O(log n), amortised.
struct PrioritySet<Element: Comparable & Hashable & Sendable>: Sendable {
    private var heap = Heap<Element>()
    private var members: Set<Element> = []
    /// Elements that were removed and are still in the heap.
    private var stale: Set<Element> = []

    var count: Int { members.count }
    var isEmpty: Bool { members.isEmpty }

    init() {}

    init(_ elements: some Sequence<Element>) {
        members = Set(elements)
        heap = Heap(members)
    }

    func contains(_ element: Element) -> Bool { members.contains(element) }

    mutating func insert(_ element: Element) {
        guard members.insert(element).inserted else { return }
        if stale.remove(element) == nil { heap.insert(element) }
    }

    mutating func remove(_ element: Element) {
        guard members.remove(element) != nil else { return }
        stale.insert(element)
        if stale.count > members.count + 32 {
            heap = Heap(members)
            stale.removeAll()
        }
    }

    /// The smallest element, which stays; nil if the set is empty.
    mutating func first() -> Element? {
        while let smallest = heap.min {
            guard stale.remove(smallest) != nil else { return smallest }
            heap.removeMin()
        }
        return nil
    }
}
