import Testing

@testable import Figures

@Suite struct LayoutTests {
    @Test("Nothing overlaps or lies outside", arguments: 1...6)
    func frames(count: Int) {
        let caption = String(repeating: "some words of a caption ", count: 20)
        let layout = Layout(
            panels: count, key: Layout.Key(letters: 9, entries: 4, hasTitle: true), title: "Title",
            caption: caption)
        #expect(layout.frames.count == count)
        for (index, frame) in layout.frames.enumerated() {
            #expect(frame.left >= 70 && frame.right <= layout.width - 117)
            #expect(frame.bottom >= layout.captionTop + 40 && frame.top <= layout.height - 40)
            for other in layout.frames[..<index] {
                let apart = other.right + 20 <= frame.left || frame.top + 26 <= other.bottom
                #expect(apart, "\(other) and \(frame)")
            }
        }
        #expect(layout.frames.count(where: \.isLeftmost) == (count <= 3 ? 1 : (count == 4 ? 2 : 2)))
        let columns = Set(layout.frames.map(\.left)).count
        #expect(layout.frames.count(where: \.isLowest) == columns)
        #expect(layout.keyPlace.x >= layout.frames.map(\.right).max()!)
    }

    @Test("A wanted width is kept, with letters of 7 pt at least", arguments: 1...6)
    func width(count: Int) {
        for (inches, letters) in [(3.0, 9), (3.3, 44), (5.5, 9), (5.5, 44), (8, 20), (30, 9)] {
            let key = Layout.Key(letters: letters, entries: 9, hasTitle: true)
            let layout = Layout(
                panels: count, key: key, title: "", caption: "some words", width: inches * 96)
            #expect(layout.width == inches * 96)
            for frame in layout.frames {
                #expect(frame.right - frame.left >= 109 && frame.right <= layout.width)
                #expect(frame.bottom > 50 && frame.top <= layout.height)
            }
            let (x, y) = layout.keyPlace
            let isBelow = x < layout.frames[0].left
            let columns = (9 + layout.keyRows - 1) / layout.keyRows
            #expect(x + Double(columns) * (key.width(layout.lettering) - 16) <= layout.width)
            #expect(
                y - Double(layout.keyRows + 1) * 18 >= layout.captionTop - 4, "above the caption")
            if isBelow { #expect(y <= layout.frames.map(\.bottom).min()! - 50) }
            let lettering = layout.lettering
            for size in [lettering.title, lettering.text, lettering.caption] {
                #expect(size * 72 / 96 >= 7)
            }
        }
    }

    @Test("Captions are broken at spaces into lines that fit")
    func wrapping() {
        #expect(wrapped("one two three", to: 7) == ["one two", "three"])
        #expect(wrapped("extraordinarily long", to: 5) == ["extraordinarily", "long"])
        #expect(wrapped("", to: 5) == [])
        #expect(wrapped("with n = 16 and m = 4", to: 9) == ["with", "n = 16", "and m = 4"])
    }
}
