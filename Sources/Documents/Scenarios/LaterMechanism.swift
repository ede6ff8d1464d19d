/// Words of the scenario language that this program knows and cannot carry out yet, each with what is missing.
///
/// A word leaves this list in the commit that builds its mechanism. Until then it is refused: a scenario that ran
/// without it would answer another question than the one it asks.
enum LaterMechanism {
  static let daily = "a load that follows the hours of a day"
}
