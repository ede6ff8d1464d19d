import SuperPod
/// Marks the room until it is built.
enum XCCLRoom {}
