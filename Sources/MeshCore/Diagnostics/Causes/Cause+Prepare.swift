extension Cause {
  /// What `meshctl prepare` finds.
  static let prepare: [Cause] = [
    Cause(
      .prepareUnsupported, "a host that cannot be prepared",
      why: "It needs no root, or its system has no sudo.", look: "os and connection of the host.",
      next: "meshctl plan --probe --limit HOST"),
    Cause(
      .prepareKey, "what was given as a public key is none",
      why: "Only a public key may be put on a host; a private one would give it away.",
      look: "The file or the text.", next: "ssh-keygen -y -f PRIVATE-KEY > FILE.pub"),
    Cause(
      .prepareUser, "the login user's name does not fit into a sudoers or doas rule",
      why: "A name with signs of their grammar could grant more than is meant.", look: "The name.",
      next: "set ssh.user of HOST to a user with a plain name"),
    Cause(
      .prepareCheck, "visudo or doas refused the rule, or is missing",
      why: "Nothing was written: a broken rule locks everybody out.",
      look: "What `visudo -cf` said.",
      next: "install sudo with visudo on HOST"),
    Cause(
      .prepareForeign, "a file of that name is there that meshctl did not write for this user",
      why: "It may be somebody's work, so it is neither changed nor removed.",
      look: "/etc/sudoers.d/meshctl on the host.",
      next: "on HOST: sudo cat /etc/sudoers.d/meshctl; remove it where nobody needs it"),
    Cause(
      .prepareWrite, "a file could not be written",
      why: "The disk is full or read-only, or a policy forbids it.",
      look: "The error of the file system.", next: "on HOST: df /etc; ls -ld /etc/sudoers.d"),
    Cause(
      .prepareOperator, "the client did not take its operator",
      why: "It is not installed yet, not running, or too old.", look: "What `tailscale set` said.",
      passes: true, next: "meshctl apply --limit HOST, then meshctl prepare HOST"),
    Cause(
      .prepareNotEffective, "the rule is in place, and root still asks; it was taken back",
      why: "Another rule comes later and wins, or sudoers does not read the folder.",
      look: "`sudo -n` after the rule was written.",
      next: "on HOST: sudo -l; look for @includedir /etc/sudoers.d in /etc/sudoers"),
    Cause(
      .prepareUndo, "something could not be taken back",
      why: "What was written before is still there.", look: "The file that is named.",
      next: "meshctl prepare --undo HOST"),
    Cause(
      .prepareKeyUnused, "the key is there, and a login with it still fails",
      why: "sshd takes keys from another place, forbids them, or refuses the file's permissions.",
      look: "sshd's log on the host.",
      next: "ssh -v USER@ADDRESS", "on HOST: sudo sshd -T | grep -i -e authorizedkeys -e pubkey"),
  ]
}
