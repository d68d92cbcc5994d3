# Homebrew's formula for meshctl. It has not been run yet (no Homebrew where meshctl is developed; `ruby -c` reads it). For a
# release: put the address of the archive that `make release` writes, and its SHA-256, into `url` and `sha256`.
class Meshctl < Formula
  desc "Make a Headscale mesh match a YAML inventory of hosts"
  homepage "https://example.com/meshctl"
  url "https://example.com/meshctl/meshctl-0.1.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "Apache-2.0"

  depends_on "pkgconf" => :build
  depends_on xcode: ["26.4", :build]
  depends_on macos: :sequoia
  depends_on "libyaml"

  uses_from_macos "python" => :build
  uses_from_macos "swift" => :build

  def install
    # SwiftPM's own sandbox cannot start inside Homebrew's.
    system "swift", "build", "--disable-sandbox", "--configuration", "release", "--product", "meshctl"
    bin.install ".build/release/meshctl"
    generate_completions_from_executable(bin/"meshctl", "--generate-completion-script")
    system "python3", ".packaging/man.py", bin/"meshctl", buildpath/"pages"
    man1.install Dir[buildpath/"pages/man1/*"]
    man5.install Dir[buildpath/"pages/man5/*"]
  end

  test do
    assert_match "meshctl #{version} (", shell_output("#{bin}/meshctl --version")
    system bin/"meshctl", "init", "--server-url", "https://mesh.example.com"
    assert_match "Plan: 1 to join", shell_output("#{bin}/meshctl plan --simulate")
  end
end
