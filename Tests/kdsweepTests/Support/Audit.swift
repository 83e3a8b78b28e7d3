/// What is measured of a page where it stands, in the page's own language.
enum Audit {
    /// Texts that don't stand out from their ground by 4.5 to 1, with the ratio.
    static let paleTexts = """
        (() => {
          const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
          const luminance = (colour) => {
            const [r, g, b] = parts(colour).slice(0, 3).map((c) => c / 255)
              .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const ground = (element) => {
            for (let at = element; at; at = at.parentElement) {
              const colour = getComputedStyle(at).backgroundColor;
              if (parts(colour)[3] !== 0) return colour;
            }
            return getComputedStyle(document.documentElement).backgroundColor;
          };
          const isShown = (element) => element.getClientRects().length > 0 && !element.closest(".unseen, .skip");
          const own = (element) => [...element.childNodes]
            .filter((node) => node.nodeType === 3).map((node) => node.textContent.trim()).join("");
          return [...document.querySelectorAll("body *:not(script, style, title)")]
            .filter((element) => own(element) && isShown(element)).map((element) => {
              const style = getComputedStyle(element);
              const colour = element instanceof SVGElement ? style.fill : style.color;
              const [a, b] = [luminance(colour), luminance(ground(element))].sort().reverse();
              return [own(element), (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
            }).filter(([, ratio]) => ratio < 4.5).map(([text, ratio]) => `${text}: ${ratio}`);
        })()
        """

    /// How many pixels the page is wider than its window.
    static let overhang =
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"

    /// Texts of drawings that touch each other or leave the drawing.
    static let crowdedTexts = """
        [...document.querySelectorAll("#figures .panels svg")].flatMap((drawing) => {
          const frame = drawing.getBoundingClientRect();
          const boxes = [...drawing.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
          const faults = boxes.filter(([, box]) => box.left < frame.left - 1 || box.right > frame.right + 1
            || box.top < frame.top - 1 || box.bottom > frame.bottom + 1).map(([text]) => `${text} sticks out`);
          boxes.forEach(([text, a], i) => boxes.slice(i + 1).forEach(([other, b]) => {
            if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
              faults.push(`${text} is on ${other}`);
          }));
          return faults;
        })
        """
}
