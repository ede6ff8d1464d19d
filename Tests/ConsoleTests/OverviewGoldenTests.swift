import Terminal
import Testing

@testable import Console

@Suite struct OverviewGoldenTests {
  struct Look: Sendable, CustomTestStringConvertible {
    var name: String
    var width: Int
    var height: Int
    var color = ColorLevel.truecolor
    var ascii = false
    var calm = false
    var testDescription: String { name }
  }

  static let looks = [
    Look(name: "overview-80x24", width: 80, height: 24),
    Look(name: "overview-120x40", width: 120, height: 40),
    Look(name: "overview-200x60", width: 200, height: 60),
    Look(name: "overview-80x24-mono", width: 80, height: 24, color: .mono),
    Look(name: "overview-120x40-mono", width: 120, height: 40, color: .mono),
    Look(name: "overview-200x60-mono", width: 200, height: 60, color: .mono),
    Look(name: "overview-80x24-ascii", width: 80, height: 24, color: .mono, ascii: true),
    Look(name: "overview-120x40-ascii", width: 120, height: 40, color: .mono, ascii: true),
    Look(name: "overview-200x60-ascii", width: 200, height: 60, color: .mono, ascii: true),
    Look(name: "overview-80x24-16", width: 80, height: 24, color: .sixteen),
    Look(name: "overview-120x40-16", width: 120, height: 40, color: .sixteen),
    Look(name: "overview-200x60-16", width: 200, height: 60, color: .sixteen),
    Look(name: "overview-80x24-calm", width: 80, height: 24, calm: true),
    Look(name: "overview-150x28", width: 150, height: 28),
    Look(name: "overview-190x45", width: 190, height: 45),
    Look(name: "overview-60x16", width: 60, height: 16),
    Look(name: "overview-40x12", width: 40, height: 12),
    Look(name: "overview-20x5", width: 20, height: 5),
    Look(name: "overview-80x1", width: 80, height: 1),
  ]

  @Test(arguments: looks) func overviewLooksAsItWasReviewed(_ look: Look) {
    let state = SamplePod.console(width: look.width, height: look.height, calm: look.calm)
    Golden.check(state.paint(Appearance(color: look.color, ascii: look.ascii)), look.name)
  }
}
