import Foundation

/// How light a colour `0xRRGGBB` is.
enum Light {
  /// Contrast of two colours, 1 to 21 (WCAG 2.1).
  static func contrast(_ left: UInt32, _ right: UInt32) -> Double {
    let (dark, light) = (min(luminance(left), luminance(right)), max(luminance(left), luminance(right)))
    return (light + 0.05) / (dark + 0.05)
  }

  /// Lightness in OKLab, 0 to 1 (Ottosson 2020).
  static func okLabLightness(_ color: UInt32) -> Double {
    let (r, g, b) = linear(color)
    let long = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    let middle = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    let short = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
  }

  /// A colour of the 256-colour palette from index 16 on, as xterm shows it.
  static func palette(_ index: UInt8) -> UInt32 {
    precondition(index >= 16, "the first sixteen are the terminal's own")
    if index >= 232 { return UInt32(8 + 10 * (Int(index) - 232)) * 0x010101 }
    let levels: [UInt32] = [0, 95, 135, 175, 215, 255]
    let cube = Int(index) - 16
    return levels[cube / 36] << 16 | levels[cube / 6 % 6] << 8 | levels[cube % 6]
  }

  /// The first sixteen, as xterm shows them where nobody set others.
  static let sixteen: [UInt32] = [
    0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00,
    0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
  ]

  private static func luminance(_ color: UInt32) -> Double {
    let (r, g, b) = linear(color)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }

  private static func linear(_ color: UInt32) -> (Double, Double, Double) {
    func channel(_ shift: UInt32) -> Double {
      let value = Double(color >> shift & 0xff) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return (channel(16), channel(8), channel(0))
  }
}
