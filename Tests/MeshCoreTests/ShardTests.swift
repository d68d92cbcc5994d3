import MeshCore
import Testing

@Suite struct ShardTests {
  static let fleet = (0..<10_000).map { "host-\($0).example.com" }

  /// The hosts of a running schedule must stay where they are, on every platform and in every release:
  /// change no line of this table.
  @Test(
    arguments: [
      ("web-1", [0, 0, 2, 3, 3, 3, 3, 3]),
      ("web-2", [0, 0, 0, 0, 0, 0, 0, 0]),
      ("db-1", [0, 1, 2, 3, 3, 3, 3, 3]),
      ("nas.example.com", [0, 0, 0, 0, 4, 4, 4, 4]),
      ("büro", [0, 0, 0, 0, 0, 0, 0, 0]),
      ("", [0, 0, 0, 0, 0, 5, 5, 5]),
    ] as [(String, [Int])])
  func vectors(key: String, indices: [Int]) {
    #expect((1...8).map { Shard.index(of: key, count: $0) } == indices, "\(key)")
  }

  @Test(arguments: [1, 2, 3, 4, 7, 16, 100]) func everyHostIsInOneShard(count: Int) throws {
    let shards = try (0..<count).map { try #require(Shard(index: $0, count: count)) }
    for key in Self.fleet.prefix(500) {
      #expect(shards.count { $0.contains(key) } == 1, "\(key) of \(count)")
    }
  }

  @Test(arguments: [2, 3, 4, 8, 10, 32]) func shardsAreEven(count: Int) {
    var sizes = Array(repeating: 0, count: count)
    for key in Self.fleet { sizes[Shard.index(of: key, count: count)] += 1 }
    let mean = Double(Self.fleet.count) / Double(count)
    // Five standard deviations of a fair draw.
    let bound = 5 * (mean * (1 - 1 / Double(count))).squareRoot()
    for size in sizes { #expect(abs(Double(size) - mean) <= bound, "\(sizes)") }
  }

  /// Numbered names differ in a few bits only, which must not show.
  @Test(arguments: ["a%", "%", "10.0.0.%", "node-%-lab"]) func namesInARowAreEven(form: String) {
    var sizes = [0, 0, 0, 0]
    for number in 0..<4_000 {
      sizes[Shard.index(of: form.replacing("%", with: "\(number)"), count: 4)] += 1
    }
    for size in sizes { #expect((850...1150).contains(size), "\(form): \(sizes)") }
  }

  @Test(arguments: [1, 2, 3, 4, 9, 31]) func oneShardMoreTakesItsPartOnly(count: Int) {
    var moved = 0
    for key in Self.fleet {
      let before = Shard.index(of: key, count: count)
      let after = Shard.index(of: key, count: count + 1)
      guard before != after else { continue }
      moved += 1
      #expect(after == count, "\(key) moved between old shards")
    }
    let mean = Double(Self.fleet.count) / Double(count + 1)
    #expect(abs(Double(moved) - mean) <= 5 * mean.squareRoot(), "\(moved)")
  }

  @Test func wordsRoundTrip() throws {
    for (index, count) in [(0, 1), (0, 4), (3, 4), (999, 1000)] {
      let shard = try #require(Shard(index: index, count: count))
      #expect(Shard(text: shard.text) == shard)
      #expect(try Shard(argument: shard.text, environment: [:]) == shard)
    }
  }

  @Test(arguments: [
    "", "/", "4", "1/", "/4", "4/4", "0/0", "-1/4", "+1/4", "1/1001", "1/4/2", "١/4",
  ])
  func noShard(text: String) {
    #expect(Shard(text: text) == nil)
  }

  @Test func theIndexComesFromTheJob() throws {
    let environment = ["JOB_COMPLETION_INDEX": "2"]
    #expect(try Shard(argument: "/4", environment: environment).text == "2/4")
    // What is written wins.
    #expect(try Shard(argument: "1/4", environment: environment).text == "1/4")
  }

  @Test(
    arguments: [
      ("4", nil, "--shard 4: write I/N"), ("", nil, "--shard : write I/N"),
      ("a/4", nil, "write I/N"), ("1/4/2", nil, "write I/N"), ("-1/4", nil, "write I/N"),
      ("1/", nil, "write I/N"), (" 1/4", nil, "write I/N"), ("1/4\u{1B}[31m", nil, "write I/N"),
      ("0/0", nil, "at least one part"), ("/0", "0", "at least one part"),
      ("4/4", nil, "--shard 4/4: parts count from 0, so the last of 4 is 3."),
      ("99999999999999999999/4", nil, "parts count from 0"), ("0/1001", nil, "at most 1000 parts"),
      ("0/99999999999999999999", nil, "at most 1000 parts"),
      ("/4", nil, "--shard /4 takes its number from JOB_COMPLETION_INDEX, which is not set"),
      ("/4", "", "which is not set"),
      ("/4", "two", "JOB_COMPLETION_INDEX is two, which is no number"),
      ("/4", "-1", "which is no number"), ("/4", "1 ", "which is no number"),
      ("/4", "4", "JOB_COMPLETION_INDEX is 4: parts count from 0, so the last of 4 is 3."),
      ("/4", "99999999999999999999", "parts count from 0"),
    ] as [(String, String?, String)])
  func misuse(argument: String, index: String?, words: String) {
    let environment = index.map { ["JOB_COMPLETION_INDEX": $0] } ?? [:]
    let misuse = #expect(throws: Shard.Misuse.self) {
      try Shard(argument: argument, environment: environment)
    }
    #expect(misuse?.words.contains(words) == true, "\(misuse?.words ?? "")")
    #expect(misuse?.words.contains("\u{1B}") == false)
    #expect(misuse?.words.hasSuffix(".") == true)
  }
}
