extension Cause {
  static let elevation: [Cause] = [
    Cause(
      .elevatePassword, "sudo asks for a password",
      why: "Changing a host needs root there, and a run without a person cannot answer.",
      look:
        "`sudo: a password is required` from `sudo -n true`; sudo-rs says it otherwise.",
      next: "meshctl prepare HOST, which asks once and says what it grants",
      "or meshctl apply --ask-become-pass --limit HOST",
      "or write become: {password: {env: NAME}} for HOST", from: "sudo, sudo-rs"),
    Cause(
      .elevateDoas, "doas asks for a password",
      why: "doas takes a password from a terminal only, so a run without a person cannot give it.",
      look: "`doas: Authentication required`, `doas: a tty is required`.",
      next: "meshctl prepare HOST, which asks there once",
      "or in doas.conf on HOST: permit nopass USER as root", from: "doas"),
    Cause(
      .elevateWrongPassword, "sudo refused the password",
      why: "Nothing was done there. More tries may lock the account.",
      look: "`incorrect password attempt` from sudo.",
      next: "check where become.password of HOST comes from", from: "sudo, sudo-rs"),
    Cause(
      .elevateRefused, "the login user may not become root",
      why: "No password helps; a rule in sudoers or doas.conf is missing, or covers other commands"
        + " only.",
      look: "`is not in the sudoers file`, `is not allowed to run sudo` and the like.",
      next: "set ssh.user of HOST to a user who may run sudo", "or add the rule there",
      from: "sudo, sudo-rs, doas"),
    Cause(
      .elevateTerminal, "sudo insists on a terminal",
      why: "`requiretty` is set there, so nothing can be automated for this user.",
      look: "`sudo: sorry, you must have a tty to run sudo`.",
      next: "meshctl prepare --drop-in HOST, which asks there once",
      "on HOST, add with visudo: Defaults:USER !requiretty", from: "sudo"),
    Cause(
      .elevateNoNewPrivileges, "the host forbids gaining root",
      why:
        "The login runs with the \"no new privileges\" flag (many containers do), or sudo lost its"
        + " setuid bit.",
      look: "`The \"no new privileges\" flag is set` from sudo.",
      next: "set ssh.user of HOST to root", "or change how that container is started", from: "sudo"),
    Cause(
      .elevateUnavailable, "neither sudo nor doas is installed",
      why: "The login user is not root, so nothing can be changed there.",
      look: "`sudo: not found`.",
      next: "set ssh.user of HOST to root", "or install sudo there"),
  ]
}
