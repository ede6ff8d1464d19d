@main
enum TerminalDemo {
  static func main() {}
}
