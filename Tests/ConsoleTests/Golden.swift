import Foundation
import Terminal
import Testing

/// Screens as files: text, then the style of every cell by letter. A missing file fails, and is written for review when
/// `PODIUM_RECORD` is set.
enum Golden {
  static func check(_ canvas: Canvas, _ name: String, _ place: SourceLocation = #_sourceLocation) {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
    let file = folder.appendingPathComponent(name + ".txt")
    let found = text(canvas)
    if ProcessInfo.processInfo.environment["PODIUM_RECORD"] != nil {
      try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try? Data(found.utf8).write(to: file)
      return
    }
    guard let data = try? Data(contentsOf: file) else {
      Issue.record("no golden screen \(name); record it with PODIUM_RECORD=1 and look at it", sourceLocation: place)
      return
    }
    let expected = String(decoding: data, as: UTF8.self)
    guard expected != found else { return }
    let pairs = zip(
      expected.split(separator: "\n", omittingEmptySubsequences: false),
      found.split(separator: "\n", omittingEmptySubsequences: false))
    let first = pairs.enumerated().first { $0.element.0 != $0.element.1 }
    Issue.record(
      "\(name) differs at line \((first?.offset ?? 0) + 1):\n\(first?.element.0 ?? "")\n\(first?.element.1 ?? "")",
      sourceLocation: place)
  }

  /// Rows of text between bars, then rows of letters, then what the letters stand for: ink, ground, attributes.
  static func text(_ canvas: Canvas) -> String {
    var styles: [Style: Int] = [:]
    var legend: [Style] = []
    var (glyphs, letters) = ("", "")
    let alphabet = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĦħĨĩĪīĬĭĮįİıĲĳĴĵĶķĸĹĺĻļĽľĿŀŁłŃńŅņŇňŉŊŋŌōŎŏŐőŒœŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŦŧŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽž")
    for row in 0..<canvas.height {
      glyphs += "|"
      for column in 0..<canvas.width {
        let cell = canvas[column, row]
        glyphs.unicodeScalars.append(Unicode.Scalar(cell.scalar) ?? "?")
        let index = styles[cell.style] ?? legend.count
        if index == legend.count {
          styles[cell.style] = index
          legend.append(cell.style)
        }
        letters.append(index < alphabet.count ? alphabet[index] : "?")
      }
      glyphs += "|\n"
      letters += "\n"
    }
    let names = legend.enumerated().map { index, style in
      "\(index < alphabet.count ? alphabet[index] : "?") \(style.ink.rawValue) \(style.ground.rawValue) \(style.attributes.rawValue)"
    }
    let cursor = canvas.cursor.map { "cursor \($0.column) \($0.row)\n" } ?? "cursor hidden\n"
    return glyphs + cursor + letters + names.joined(separator: "\n") + "\n"
  }
}
