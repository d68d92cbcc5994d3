/// What the environment of ssh and of local scripts holds.
enum SSHEnvironment {
  /// What OpenSSH, its agents and its helpers use; everything else stays out, secrets of ours above
  /// all, since a `SendEnv` or a ProxyCommand could carry them away.
  private static let passed = [
    "HOME", "PATH", "USER", "LOGNAME", "SHELL", "TMPDIR", "SSH_AUTH_SOCK", "SSH_AGENT_PID",
    "SSH_SK_PROVIDER", "SSH_SK_HELPER", "SSH_PKCS11_HELPER", "KRB5CCNAME", "KRB5_CONFIG",
    "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "GNUPGHOME",
    // A local probe tells by it whether the operator sits behind the mesh (design law 11).
    "SSH_CONNECTION",
  ]

  /// The child's whole environment; texts in English, because they are classified.
  static func filtered(_ environment: [String: String]) -> [String: String] {
    var result = ["LANG": "C", "LC_ALL": "C"]
    for name in passed { result[name] = environment[name] }
    if result["PATH"] == nil { result["PATH"] = "/usr/local/bin:/usr/bin:/bin" }
    return result
  }
}
