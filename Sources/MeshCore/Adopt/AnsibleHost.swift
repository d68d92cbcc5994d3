/// What Ansible's connection variables of one host say in an inventory's own words.
///
/// Templates (`{{ … }}`) and encrypted values are not evaluated; a note says so, without the value
/// of anything that may be secret.
struct AnsibleHost {
  private(set) var access = HostAccess()
  private(set) var notes: [String] = []
  private let variables: [String: AnsibleInventory.Value]

  /// - Parameters:
  ///   - name: the host's name in Ansible, which is its address where no other is given.
  ///   - key: the key it gets here.
  ///   - variables: its variables, merged.
  init(name: String, key: String, variables: [String: AnsibleInventory.Value]) {
    self.variables = variables
    readConnection()
    readAddress(name: name, key: key)
    readPort()
    readUser()
    readIdentityFile()
    readBecome()
    noteRest()
  }

  // MARK: Reading

  /// The first variable that is set, as text; says why where it cannot be taken.
  private mutating func text(_ names: String...) -> (name: String, text: String)? {
    for name in names {
      switch variables[name] {
      case nil: continue
      case .vault?: notes.append("\(name) is encrypted by ansible-vault: not taken over")
      case let value? where value.isTemplate:
        guard case .text(let text) = value else { return nil }
        notes.append("\(name) is a template, not evaluated: \(CommentText.quoted(text))")
      case .text(let text)?:
        // Ansible takes an empty value as not set.
        if text.isEmpty { continue }
        return (name, text)
      case .flag?, .other?: notes.append("\(name) is no text: not taken over")
      }
      return nil
    }
    return nil
  }

  private mutating func refuse(_ name: String, _ text: String, _ why: String) {
    notes.append("\(name) \(CommentText.quoted(text)) not taken over: \(why)")
  }

  private mutating func readConnection() {
    guard let (name, connection) = text("ansible_connection") else { return readShell() }
    switch connection.split(separator: ".").last.map(String.init) ?? connection {
    case "local": access.connection = .local
    case "winrm", "psrp":
      access.os = .windows
      notes.append("Ansible reaches it by \(connection); meshctl needs SSH there")
    case "ssh", "smart", "paramiko", "paramiko_ssh": break
    default: refuse(name, connection, "meshctl knows ssh and local")
    }
    readShell()
  }

  private mutating func readShell() {
    guard let (_, shell) = text("ansible_shell_type") else { return }
    if ["powershell", "cmd"].contains(shell) { access.os = .windows }
  }

  private mutating func readAddress(name: String, key: String) {
    let found = text("ansible_host", "ansible_ssh_host")
    guard access.connection != .local else { return }
    if let (variable, address) = found {
      if AddressRules.problem(address) == nil {
        access.address = address == key ? nil : address
      } else {
        refuse(variable, address, "no host name or IP address")
      }
    } else if name != key, AddressRules.problem(name) == nil, !hasAddress {
      // Ansible connects to the name where nothing else is said.
      access.address = name
    }
  }

  private var hasAddress: Bool {
    variables["ansible_host"] != nil || variables["ansible_ssh_host"] != nil
  }

  private mutating func readPort() {
    guard let (name, text) = text("ansible_port", "ansible_ssh_port") else { return }
    guard let port = Int(text), (1...65_535).contains(port) else {
      return refuse(name, text, "no port")
    }
    guard case .text(let connection)? = variables["ansible_connection"],
      ["winrm", "psrp"].contains(where: connection.hasSuffix)
    else {
      access.port = port == 22 ? nil : port
      return
    }
    notes.append("\(name) \(port) is WinRM's, not SSH's: not taken over")
  }

  private mutating func readUser() {
    guard let (name, user) = text("ansible_user", "ansible_ssh_user") else { return }
    if Writable.isWord(user), user.allSatisfy({ !":'\"`$;&|<>()*".contains($0) }) {
      access.user = user
    } else {
      refuse(name, user, "no user name")
    }
  }

  private mutating func readIdentityFile() {
    guard
      let (name, path) = text("ansible_ssh_private_key_file", "ansible_private_key_file")
    else { return }
    guard Writable.isLine(path) else { return refuse(name, path, "no file path") }
    access.identityFile = path
    if !path.hasPrefix("/"), !path.hasPrefix("~") {
      notes.append("identity_file is relative to the folder of this file")
    }
  }

  private mutating func readBecome() {
    guard let (name, method) = text("ansible_become_method") else { return }
    switch method.split(separator: ".").last.map(String.init) ?? method {
    case "sudo": access.becomeMethod = .sudo
    case "doas": access.becomeMethod = .doas
    case "runas": break
    default: refuse(name, method, "meshctl knows sudo and doas")
    }
  }

  /// What else decides how Ansible gets in; secrets are named, never shown.
  private mutating func noteRest() {
    let becomes = ["ansible_become_password", "ansible_become_pass"]
    if let name = becomes.first(where: { variables[$0] != nil }) {
      notes.append(
        "\(name) not taken over: write become: {password: {env: …}} (or file:, or command:)")
    }
    let logins = ["ansible_password", "ansible_ssh_pass", "ansible_ssh_password"]
    if let name = logins.first(where: { variables[$0] != nil }) {
      notes.append("\(name) not taken over: meshctl logs in with keys")
    }
    let arguments = ["ansible_ssh_common_args", "ansible_ssh_extra_args", "ansible_ssh_args"]
    for name in arguments {
      guard case .text(let text)? = variables[name], !text.isEmpty else { continue }
      // Options may hold a password (sshpass in a ProxyCommand), so only a jump is shown.
      notes.append(
        text.contains("-J") || text.contains("ProxyJump")
          ? "\(name) not taken over: it names a jump host; write ssh: {jump: …}"
          : "\(name) not taken over: put such options into ~/.ssh/config")
    }
  }
}
