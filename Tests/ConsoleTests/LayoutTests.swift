import SuperPod
import Terminal
import Testing

@testable import Console

@Suite struct LayoutTests {
  /// Pods of very different sizes: CM384, its smallest cut, Atlas 950, and one node.
  static let pods = [
    Topology(), Topology(nodes: 24), Topology(nodes: 1024), Topology(nodes: 1), Topology(nodes: 5, subPlanes: 1),
  ]

  @Test(arguments: pods) func panelsStayOnTheScreenAndApartAtEverySize(_ pod: Topology) {
    for width in Self.sizes(400) {
      for height in Self.sizes(120) {
        // Every other width with an operation's row.
        let layout = ScreenLayout(width: width, height: height, topology: pod, strip: width % 2 == 0)
        let bounds = Rectangle(width: width, height: height)
        var seen: Set<Panel> = []
        for (index, placement) in layout.placements.enumerated() {
          let place = placement.rectangle
          let inside = place.column >= 0 && place.row >= 0 && place.right <= width && place.bottom <= height
          if !inside || place.isEmpty || !seen.insert(placement.panel).inserted {
            Issue.record("\(placement.panel) at \(place) of \(bounds), or twice")
          }
          for other in layout.placements[..<index] where Self.overlap(other.rectangle, place) {
            Issue.record("\(placement.panel) lies over \(other.panel) at \(width)×\(height)")
          }
        }
        // What must never go: the SLO in some form, and the whole field from five rows up.
        #expect(layout[.oneRow] != nil || layout[.objectives] != nil || layout[.tiles] != nil)
        #expect(height < 5 || layout[.pod] != nil)
        #expect(height < 4 || layout[.footer] != nil)
      }
    }
  }

  @Test func nothingIsLostFromTheSmallestCompleteSizeOn() {
    for width in stride(from: 80, through: 300, by: 7) {
      for height in stride(from: 24, through: 100, by: 3) {
        let layout = ScreenLayout(width: width, height: height, topology: Topology(), strip: width % 2 == 1)
        #expect((layout[.operation] != nil) == (width % 2 == 1 && height >= ScreenLayout.stripFrom))
        let needed: [Panel] = [.pod, .fabric, .experts, .alarms, .selection, .pipeline, .xccl, .timeBar, .footer]
        for panel in needed where layout[panel] == nil { Issue.record("no \(panel) at \(width)×\(height)") }
        #expect(layout.chipRows >= 8 && layout.planeRows == 7)
      }
    }
  }

  @Test func everySizeDrawsInsideItsCanvasAndAnswersHelpAndQuit() {
    var state = SamplePod.console(width: 80, height: 24)
    for width in Self.sizes(400) where width % 3 != 1 || width < 30 {
      for height in [0, 1, 2, 3, 4, 5, 6, 8, 11, 16, 24, 31, 40, 60, 120] {
        _ = state.handle(.resize(columns: width, rows: height))
        let plain = state.paint(Appearance())
        #expect(plain.width == width && plain.height == height)
        #expect(plain.cells.allSatisfy { $0.scalar >= 0x20 })
        _ = state.press("?")
        let help = state.paint(Appearance(color: .mono, ascii: true))
        #expect(help.cells.allSatisfy { $0.scalar >= 0x20 && $0.scalar < 0x7f })
        #expect(width * height < 20 || help != plain)
        #expect(state.press("q") == [.quit])
        _ = state.press("⎋")
        #expect(state.press("q") == [.quit])
        _ = state.press(":")
        _ = state.paint(Appearance())
        #expect(state.press("quit⏎") == [.quit])
      }
    }
  }

  @Test(arguments: pods) func partsOfAPreviewStayInItAndApartAtEverySize(_ pod: Topology) {
    for width in Self.sizes(400) {
      for height in Self.sizes(120) {
        for refused in [false, true] {
          let layout = RoleMap.layout(width: width, height: height, topology: pod, refused: refused)
          let area = layout.area
          if area.column < 0 || area.row < 0 || area.right > width || area.bottom > height || area.isEmpty {
            Issue.record("the dialog is at \(area) of \(width)×\(height)")
          }
          for (index, part) in layout.parts.enumerated() {
            let place = part.place
            let inside =
              place.column >= area.column && place.row >= area.row && place.right <= area.right
              && place.bottom <= area.bottom
            if !inside || place.isEmpty { Issue.record("\(part.name) at \(place) of \(area)") }
            for other in layout.parts[..<index] where Self.overlap(other.place, place) {
              Issue.record("\(part.name) lies over \(other.name) at \(width)×\(height)")
            }
          }
          // What Enter would press is always in sight.
          #expect(layout.buttons != nil)
        }
      }
    }
    let small = RoleMap.layout(width: 80, height: 24, topology: Topology())
    #expect(small.charts.count == 4 && small.table != nil && small.costs != nil && small.sentence != nil)
  }

  @Test func partsOfTheEventsStayOnTheScreenAndApartAtEverySize() {
    for width in Self.sizes(400) {
      for height in Self.sizes(120) {
        for alarms in [0, 4, 90] {
          let layout = EventsLayout(
            width: width, height: height, alarmCount: alarms, strip: alarms == 4, isAuditing: width % 2 == 0)
          let bounds = Rectangle(width: width, height: height)
          for (index, part) in layout.parts.enumerated() {
            let place = part.place
            if place.column < 0 || place.row < 0 || place.right > width || place.bottom > height || place.isEmpty {
              Issue.record("\(part.name) at \(place) of \(bounds)")
            }
            for other in layout.parts[..<index] where Self.overlap(other.place, place) {
              Issue.record("\(part.name) lies over \(other.name) at \(width)×\(height)")
            }
          }
          #expect(layout.alarms != nil && (height < 2 || layout.footer != nil))
        }
      }
    }
    let small = EventsLayout(width: 80, height: 24, alarmCount: 4, strip: false)
    #expect(small.events != nil && small.audit != nil && small.timeBar != nil)
  }

  /// What a dialog says of itself wherever it has a row of its own.
  private static let names: [OperatingGoldenTests.Moment: String] = [
    .menu: "ACT", .refused: "PREVIEW", .begun: "PREVIEW", .preview: "PREVIEW", .armed: "PREVIEW", .watch: "WATCH",
    .difference: "WATCH", .suggest: "SUGGEST",
  ]

  @Test func everyDialogDrawsInsideItsCanvasAtEverySize() {
    let states = OperatingGoldenTests.Moment.allCases.map { ($0, $0.state(width: 80, height: 24)) }
    for width in [1, 2, 5, 12, 19, 20, 34, 40, 60, 70, 79, 117, 118, 300] {
      for height in [1, 2, 3, 4, 6, 9, 13, 19, 33, 34, 35, 36, 61, 100] {
        for (moment, state) in states {
          var resized = state
          _ = resized.handle(.resize(columns: width, rows: height))
          guard (width + height) % 3 == 0 else {
            let ascii = resized.paint(Appearance(color: .mono, ascii: true))
            #expect(ascii.cells.allSatisfy { $0.scalar >= 0x20 && $0.scalar < 0x7f })
            continue
          }
          let plain = resized.paint(Appearance())
          #expect(plain.width == width && plain.height == height)
          if let name = Self.names[moment], width >= 12, height > 2 {
            #expect(plain.text.contains(name), "\(moment) at \(width)x\(height)")
          }
          guard let area = PreviewDialog(resized)?.layout.area ?? Self.watchArea(resized) else { continue }
          let spilt = (0..<height).contains { row in
            (0..<width).contains { plain[$0, row].style.ground == .dialog && !area.contains(column: $0, row: row) }
          }
          #expect(!spilt, "\(moment) at \(width)x\(height) draws beside its place")
        }
      }
    }
  }

  private static func watchArea(_ state: ConsoleState) -> Rectangle? {
    state.overlay == .watch ? WatchDialog(state)?.layout.area : nil
  }

  /// Every small size, then steps: edges of layouts lie at small ones.
  private static func sizes(_ most: Int) -> [Int] {
    Array(1...min(48, most)) + stride(from: 49, through: most, by: 5)
      + [76, 80, 118, 120, 190, 200].filter { $0 <= most }
  }

  private static func overlap(_ left: Rectangle, _ right: Rectangle) -> Bool {
    left.column < right.right && right.column < left.right && left.row < right.bottom && right.row < left.bottom
  }
}
