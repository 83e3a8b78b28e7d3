import Testing

@testable import Figures

@Suite struct LayoutTests {
    @Test("Nothing overlaps or lies outside", arguments: 1...6)
    func frames(count: Int) {
        let caption = String(repeating: "some words of a caption ", count: 20)
        let layout = Layout(panels: count, keyWidth: 120, caption: caption)
        #expect(layout.frames.count == count)
        for (index, frame) in layout.frames.enumerated() {
            #expect(frame.left >= 70 && frame.right <= layout.width - 120)
            #expect(frame.bottom >= layout.captionTop + 40 && frame.top <= layout.height - 40)
            for other in layout.frames[..<index] {
                let apart = other.right + 20 <= frame.left || frame.top + 26 <= other.bottom
                #expect(apart, "\(other) and \(frame)")
            }
        }
        #expect(layout.frames.count(where: \.isLeftmost) == (count <= 3 ? 1 : (count == 4 ? 2 : 2)))
        let columns = Set(layout.frames.map(\.left)).count
        #expect(layout.frames.count(where: \.isLowest) == columns)
        #expect(layout.key.x >= layout.frames.map(\.right).max()!)
    }

    @Test("Captions are broken at spaces into lines that fit")
    func wrapping() {
        #expect(wrapped("one two three", to: 7) == ["one two", "three"])
        #expect(wrapped("extraordinarily long", to: 5) == ["extraordinarily", "long"])
        #expect(wrapped("", to: 5) == [""])
        #expect(wrapped("with n = 16 and m = 4", to: 9) == ["with", "n = 16", "and m = 4"])
    }
}
