import MeshCore
import Testing

/// Samples are even, the same for the same minute, and come to every pair.
@Suite struct ReachSamplingTests {
  static func hosts(_ count: Int) -> [String] { (0..<count).map { "host-\($0)" } }

  @Test(arguments: [2, 3, 10, 57], [1, 4, 9, 200])
  func everybodyAsksAndIsAskedTheSame(count: Int, size: Int) {
    let hosts = Self.hosts(count)
    let sampling = ReachSampling(hosts, size: size, now: Timestamp(seconds: 1_780_000_000))
    let wanted = min(size, count - 1)
    var asked: [String: Int] = [:]
    for host in hosts {
      let peers = sampling.peers(of: host)
      #expect(peers.count == wanted && Set(peers).count == wanted && !peers.contains(host))
      for peer in peers { asked[peer, default: 0] += 1 }
      for asker in sampling.askers(of: host) {
        let back = sampling.peers(of: asker).contains(host)
        #expect(back)
      }
      #expect(sampling.askers(of: host).count == wanted)
    }
    #expect(hosts.allSatisfy { asked[$0] == wanted })
    #expect(sampling.leavesOut == (size < count - 1))
  }

  @Test func theSameMinuteAsksTheSame() {
    let hosts = Self.hosts(40)
    func peers(_ seconds: Int64, _ hosts: [String]) -> [String] {
      ReachSampling(hosts, size: 5, now: Timestamp(seconds: seconds)).peers(of: "host-7")
    }
    #expect(peers(1_780_000_020, hosts) == peers(1_780_000_079, hosts.reversed()))
    #expect(peers(1_780_000_020, hosts) != peers(1_780_003_620, hosts))
  }

  /// Whatever the timer's interval, runs come to every direction of every pair.
  @Test(arguments: [60, 300, 3600, 21_600, 86_400, 604_800] as [Int64])
  func regularRunsCoverAllPairs(interval: Int64) {
    for count in [5, 60, 61, 200] {
      let hosts = Self.hosts(count)
      let needed = (count - 1 + 4) / 5
      var missing = Set(hosts.dropFirst())
      var runs = 0
      while !missing.isEmpty, runs < needed * 12 {
        let now = Timestamp(seconds: 1_780_000_000 + Int64(runs) * interval)
        missing.subtract(ReachSampling(hosts, size: 5, now: now).peers(of: "host-0"))
        runs += 1
      }
      #expect(missing.isEmpty, "\(count) hosts, every \(interval) s: \(runs) runs")
    }
  }

  @Test func aloneNobodyIsAsked() {
    #expect(ReachSampling(["a"], size: 3, now: Timestamp(seconds: 0)).peers(of: "a").isEmpty)
    #expect(ReachSampling(["a", "b"], size: 3, now: Timestamp(seconds: 0)).peers(of: "c").isEmpty)
  }
}
