import MeshCore
import MeshTestSupport
import Testing

/// The metrics file as Prometheus reads it; `promtool` checks these goldens too (TrailProgramTests).
@Suite struct RunMetricsTests {
  static let labels = RunMetrics.Labels(mesh: "https://mesh.example.com")
  static let now = Timestamp(seconds: 1_795_892_198, nanoseconds: 5_000_000)

  @Test func aRunThatCouldDoAll() {
    var metrics = RunMetrics(labels: Self.labels, exit: 3, seconds: 12.0304, endedAt: Self.now)
    metrics.hosts = [.inSync: 14, .changed: 1, .failed: 1, .backedOff: 1]
    metrics.unmanaged = 2
    metrics.changes = [.setTags: 1, .join: 2]
    metrics.failures = ["MESH-SSH-TIMEOUT": 2, "MESH-JOIN-NOT-SEEN": 1]
    metrics.lastSuccess = Timestamp(seconds: 1_795_000_000)
    metrics.apiKeyExpiry = Timestamp(seconds: 1_800_000_000)
    metrics.nodeKeyExpiry = Timestamp(seconds: 1_796_000_000, nanoseconds: 999_999_999)
    GoldenFile("Goldens/metrics-full.prom").expect(metrics.rendered)
  }

  @Test func anEarlyEnd() {
    var labels = Self.labels
    labels.mesh = "https://mesh.example.com/\"quoted\"\\\nmeshctl_evil 1"
    labels.shard = "1/4"
    var metrics = RunMetrics(labels: labels, exit: 1, seconds: 0.25, endedAt: Self.now)
    metrics.failures = ["MESH-API-CONNECT": 1]
    GoldenFile("Goldens/metrics-early.prom").expect(metrics.rendered)
  }

  /// A failing run knows less, and alarms about ends of keys must not end with that.
  @Test func endsOfKeysSurvive() {
    var known = RunMetrics(labels: Self.labels, exit: 0, seconds: 1, endedAt: Self.now)
    known.apiKeyExpiry = Self.now.adding(seconds: -5)
    known.nodeKeyExpiry = Self.now.adding(seconds: 500)
    func next(_ apiKey: Bool, _ nodeKeys: Bool, _ labels: RunMetrics.Labels) -> RunMetrics {
      var metrics = RunMetrics(labels: labels, exit: 1, seconds: 1, endedAt: Self.now)
      metrics.keepExpiries(from: known.rendered, apiKey: apiKey, nodeKeys: nodeKeys)
      return metrics
    }
    #expect(next(true, true, Self.labels).apiKeyExpiry == known.apiKeyExpiry)
    #expect(next(true, true, Self.labels).nodeKeyExpiry == known.nodeKeyExpiry)
    // What the run learned stands, also that nothing ends.
    #expect(next(false, true, Self.labels).apiKeyExpiry == nil)
    #expect(next(true, false, Self.labels).nodeKeyExpiry == nil)
    var other = Self.labels
    other.mesh = "https://other.example.com"
    #expect(next(true, true, other).apiKeyExpiry == nil)
  }

  @Test func theLastSuccessSurvives() {
    var metrics = RunMetrics(labels: Self.labels, exit: 0, seconds: 1, endedAt: Self.now)
    metrics.lastSuccess = Self.now
    let text = metrics.rendered
    #expect(RunMetrics.lastSuccess(in: text, labels: Self.labels, now: Self.now) == Self.now)
    // Of another mesh, from a clock that was ahead, or edited: none at all.
    var other = Self.labels
    other.shard = "0/2"
    #expect(RunMetrics.lastSuccess(in: text, labels: other, now: Self.now) == nil)
    let earlier = Self.now.adding(seconds: -1)
    #expect(RunMetrics.lastSuccess(in: text, labels: Self.labels, now: earlier) == nil)
    #expect(RunMetrics.lastSuccess(in: text + text, labels: Self.labels, now: Self.now) == nil)
    for value in ["1e9", "-5.000", "1795892198", "NaN", "+Inf", "1.0000", "999999999999.000", ""] {
      let edited = text.replacing("1795892198.005", with: value)
      #expect(RunMetrics.lastSuccess(in: edited, labels: Self.labels, now: Self.now) == nil)
    }
  }
}
