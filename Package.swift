// swift-tools-version: 6.2
import PackageDescription

// One set of rules for every Swift room: no warning survives a build, unsafe code is marked where it stands.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// The model's inner loops are a hundred times slower without the optimiser: debug builds, and so the tests, keep it on
// for these rooms.
let fast: [SwiftSetting] = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let yaml = Target.Dependency.product(name: "Yams", package: "Yams")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")

// The rooms, lowest floor first; a room imports only rooms above it in this list (docs/architecture.md).
let package = Package(
  name: "podium",
  products: [.executable(name: "podium", targets: ["podium"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .target(name: "CNcurses", linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .target(name: "CPlatform"),
    .target(name: "Terminal", dependencies: ["CNcurses", "CPlatform"], swiftSettings: strict),
    .target(name: "Words", swiftSettings: strict),
    .target(name: "SuperPod", swiftSettings: strict),
    .target(name: "Telemetry", dependencies: ["SuperPod", deque], swiftSettings: fast),
    .target(name: "Operations", dependencies: ["Words", "SuperPod", "Telemetry"], swiftSettings: strict),
    .target(name: "XCCL", dependencies: ["SuperPod"], swiftSettings: fast),
    .target(
      name: "XDeepServe", dependencies: ["Words", "SuperPod", "Telemetry", "Operations", "XCCL", heap, deque],
      swiftSettings: fast),
    .target(
      name: "Documents", dependencies: ["Words", "Terminal", "SuperPod", "Operations", "XDeepServe", yaml],
      resources: [
        .embedInCode("../../themes/calm.yaml"),
        .embedInCode("../../themes/light.yaml"),
        .embedInCode("../../themes/contrast.yaml"),
        .embedInCode("../../themes/safe.yaml"),
        .embedInCode("../../themes/vivid.yaml"),
        .embedInCode("../../scenarios/default.yaml"),
        .embedInCode("../../scenarios/peak-decode.yaml"),
        .embedInCode("../../scenarios/split-decode.yaml"),
        .embedInCode("../../scenarios/cm-infer.yaml"),
        .embedInCode("../../scenarios/cm-prefill.yaml"),
        .embedInCode("../../scenarios/production.yaml"),
        .embedInCode("../../scenarios/expert-hotspot.yaml"),
        .embedInCode("../../scenarios/prefill-surge.yaml"),
        .embedInCode("../../scenarios/decode-starved.yaml"),
        .embedInCode("../../scenarios/cm192.yaml"),
        .embedInCode("../../scenarios/cm256.yaml"),
        .embedInCode("../../scenarios/cm288.yaml"),
        .embedInCode("../../scenarios/cm352.yaml"),
        .embedInCode("../../scenarios/atlas950.yaml"),
        .embedInCode("../../scenarios/atlas960.yaml"),
        .embedInCode("../../scenarios/peer-pd.yaml"),
        .embedInCode("../../scenarios/peer-dp.yaml"),
        .embedInCode("../../scenarios/peer-mooncake.yaml"),
        .embedInCode("../../traces/made-mooncake.jsonl"),
      ], swiftSettings: strict),
    .target(
      name: "Deployments", dependencies: ["CPlatform", "Words", "SuperPod", "Telemetry", "Operations", "XDeepServe"],
      swiftSettings: strict),
    .target(
      name: "Console", dependencies: ["Terminal", "Words", "SuperPod", "Telemetry", "Operations", "Deployments"],
      swiftSettings: strict),
    .executableTarget(
      name: "podium",
      dependencies: [
        "CPlatform", "Words", "Terminal", "SuperPod", "Telemetry", "Operations", "XCCL", "XDeepServe", "Documents",
        "Deployments", "Console", arguments,
      ], swiftSettings: strict),

    // What scripts/bench runs: what a frame and what the model cost.
    .executableTarget(
      name: "ConsoleBench",
      dependencies: ["CPlatform", "Console", "Deployments", "Documents", "Telemetry", "Terminal", "XDeepServe"],
      path: "Benchmarks/ConsoleBench", swiftSettings: strict),
    .target(name: "AllocationCount", path: "Benchmarks/AllocationCount"),
    .executableTarget(
      name: "ModelBench", dependencies: ["AllocationCount", "Documents", "Telemetry", "XDeepServe"],
      path: "Benchmarks/ModelBench", swiftSettings: strict),

    // For tests only: goldens, programs on a pseudo-terminal, and a small program to put on one.
    .target(
      name: "TestSupport", dependencies: ["Terminal", "CPlatform"], path: "Tests/TestSupport", swiftSettings: strict),
    .executableTarget(
      name: "TerminalDemo", dependencies: ["Terminal"], path: "Tests/TerminalDemo", swiftSettings: strict),
    .testTarget(
      name: "TerminalTests", dependencies: ["Terminal", "CPlatform", "TestSupport", "TerminalDemo"],
      swiftSettings: strict),
    .testTarget(name: "WordsTests", dependencies: ["Words"], swiftSettings: strict),
    .testTarget(name: "SuperPodTests", dependencies: ["SuperPod"], swiftSettings: strict),
    .testTarget(name: "TelemetryTests", dependencies: ["Telemetry", "SuperPod"], swiftSettings: strict),
    .testTarget(name: "OperationsTests", dependencies: ["Operations", "SuperPod", "Words"], swiftSettings: strict),
    .testTarget(name: "XCCLTests", dependencies: ["XCCL", "SuperPod"], swiftSettings: strict),
    .testTarget(
      name: "XDeepServeTests", dependencies: ["XDeepServe", "Operations", "Words", "Telemetry", "SuperPod", "XCCL"],
      swiftSettings: strict),
    .testTarget(
      name: "DocumentsTests",
      dependencies: ["Documents", "Operations", "XDeepServe", "SuperPod", "Telemetry", "Terminal", "Words"],
      swiftSettings: strict),
    .testTarget(
      name: "DeploymentsTests",
      dependencies: ["Deployments", "Operations", "Telemetry", "SuperPod", "Words", "XDeepServe"],
      swiftSettings: strict),
    .testTarget(
      name: "ConsoleTests",
      dependencies: [
        "Console", "Terminal", "Telemetry", "Operations", "SuperPod", "Words", "Deployments", "TestSupport",
      ],
      exclude: ["Goldens"],
      swiftSettings: strict),
    .testTarget(
      name: "PodiumTests",
      dependencies: ["podium", "CPlatform", "TestSupport", "Operations", "XDeepServe", "Documents", "Words"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
