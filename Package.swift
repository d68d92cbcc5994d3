// swift-tools-version: 6.3
import PackageDescription

// Targets stand in the order data flows; each imports only what stands above it (Adapters and
// Simulation are siblings). Dependencies are declared even where they come transitively, because CI
// builds with `--explicit-target-dependency-import-check error`.

let settings: [SwiftSetting] =
  [.treatAllWarnings(as: .error)]
  + [
    "ExistentialAny", "InternalImportsByDefault", "MemberImportVisibility",
    "NonisolatedNonsendingByDefault", "InferIsolatedConformances", "ImmutableWeakCaptures",
  ].map { .enableUpcomingFeature($0) }

let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient: Target.Dependency = .product(
  name: "AsyncHTTPClient", package: "async-http-client")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let flyingFox: Target.Dependency = .product(name: "FlyingFox", package: "FlyingFox")
let flyingSocks: Target.Dependency = .product(name: "FlyingSocks", package: "FlyingFox")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioFoundation: Target.Dependency = .product(
  name: "NIOFoundationCompat", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")

let package = Package(
  name: "meshctl",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "meshctl", targets: ["meshctl"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", "3.12.3"..<"5.0.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    // MARK: CLibYAML

    .systemLibrary(
      name: "CLibYAML", pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),

    // MARK: CProcess: what only Linux has

    .systemLibrary(name: "CProcess"),

    // MARK: YAMLReader: the only unsafe code

    .target(
      name: "YAMLReader", dependencies: ["CLibYAML"],
      swiftSettings: settings + [.strictMemorySafety()]),
    .testTarget(
      name: "YAMLReaderTests", dependencies: ["YAMLReader"], swiftSettings: settings),

    // MARK: MeshCore: pure

    .target(
      name: "MeshCore", dependencies: ["YAMLReader"],
      resources: [
        .embedInCode("Adopt/Files"), .embedInCode("Bootstrap/Files"),
        .embedInCode("Target/Scripts"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "MeshCoreTests", dependencies: ["MeshCore", "MeshTestSupport", "YAMLReader"],
      resources: [.copy("Cases")],
      swiftSettings: settings),

    // MARK: MeshEngine

    .target(name: "MeshEngine", dependencies: ["MeshCore"], swiftSettings: settings),
    .testTarget(
      name: "MeshEngineTests", dependencies: ["MeshCore", "MeshEngine", "MeshTestSupport"],
      swiftSettings: settings),

    // MARK: MeshAdapters

    .target(
      name: "MeshAdapters",
      dependencies: [
        asyncHTTPClient, "CProcess", crypto, logging, "MeshCore", "MeshEngine", nioCore,
        nioFoundation, nioHTTP1, nioPosix, nioSSL, subprocess, systemPackage, "YAMLReader",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "MeshAdaptersTests",
      dependencies: [
        flyingFox, "HeadscaleHTTP", "MeshAdapters", "MeshCore", "MeshEngine", "MeshSimulation",
        "MeshTestSupport", nioCore, nioHTTP1, nioPosix, nioSSL, subprocess, systemPackage,
        "YAMLReader",
      ],
      resources: [.copy("Fixtures")],
      swiftSettings: settings),

    // MARK: MeshSimulation

    .target(
      name: "MeshSimulation", dependencies: ["MeshCore", "MeshEngine"], swiftSettings: settings),
    .testTarget(
      name: "MeshSimulationTests",
      dependencies: [
        flyingFox, flyingSocks, "HeadscaleHTTP", "MeshCore", "MeshEngine", "MeshSimulation",
        "MeshTestSupport", "YAMLReader",
      ],
      resources: [.copy("Fixtures")],
      swiftSettings: settings),

    // MARK: meshctl

    .executableTarget(
      name: "meshctl",
      dependencies: [
        argumentParser, crypto, logging, "MeshAdapters", "MeshCore", "MeshEngine",
        "MeshSimulation", subprocess, systemPackage, "YAMLReader",
      ],
      resources: [.embedInCode("Provenance")],
      swiftSettings: settings),
    .testTarget(
      name: "meshctlTests",
      dependencies: [
        "HeadscaleHTTP", "MeshCore", "meshctl", "MeshSimulation", subprocess, systemPackage,
      ],
      swiftSettings: settings),

    // MARK: Test support and the lab

    .target(
      name: "MeshTestSupport", dependencies: ["MeshCore", "MeshEngine", subprocess],
      path: "Tests/Support/MeshTestSupport", swiftSettings: settings),
    .target(
      name: "HeadscaleHTTP",
      dependencies: [flyingFox, flyingSocks, "MeshCore", "MeshEngine", "MeshSimulation"],
      path: "Tests/Support/HeadscaleHTTP", swiftSettings: settings),
    .executableTarget(
      name: "headscale-standin",
      dependencies: [
        argumentParser, flyingFox, flyingSocks, "HeadscaleHTTP", "MeshCore", "MeshSimulation",
        "YAMLReader",
      ],
      path: "Tests/Lab/headscale-standin", swiftSettings: settings),
    .testTarget(
      name: "LabTests", dependencies: ["MeshTestSupport", subprocess],
      path: "Tests/Lab/LabTests", swiftSettings: settings),

    // MARK: Benchmarks

    .executableTarget(
      name: "json-floor", path: "Tests/Bench/json-floor", swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
